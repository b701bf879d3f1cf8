-- Gives a lane back. $1 pool, $2 lane int2. Rows: one
select pg_advisory_unlock($1::int2, $2::int2)
