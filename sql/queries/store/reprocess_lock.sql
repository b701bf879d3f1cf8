-- Waits for a lane as its owner, until the end of the transaction. $1 pool, $2 lane int2. Rows: one
select pg_advisory_xact_lock($1::int2, $2::int2)
