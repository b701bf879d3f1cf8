-- Tells those who wait that something of a lane was settled. $1 pool, $2 lane int2
select pg_notify('queue_decided', $1::int2 || ':' || $2::int2)
