-- Takes the lane's lock and reads its cursor. $1 pool, $2 lane int2. Rows: none (another owner has the lock), or one:
-- n, raw_low, raw_high, raw_xid, raw_seq (as stored), low, high, xid, seq (what to claim from), clean, due (a hold waits for release)
select n, raw_low, raw_high, raw_xid, raw_seq, low, high, xid, seq, clean, due from queue.cursor($1::int2, $2::int2)
