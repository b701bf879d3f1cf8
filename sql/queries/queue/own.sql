-- Holds a lane for this session while calls to the outside are under way. $1 pool, $2 lane int2. Rows: got bool
select pg_try_advisory_lock($1::int2, $2::int2)
