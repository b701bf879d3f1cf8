-- Says, for as long as this session lives, which words its process knows. $1 words text[]. Rows: got bool
select pg_try_advisory_lock_shared(queue.word(w)) from unnest($1::text[]) w
