-- What happened to a command besides simply succeeding, in order. $1 id uuid. Rows: at, kind, code, body, attempt
select at, kind, code, body, attempt from queue.exception where command = $1::uuid order by at, attempt
