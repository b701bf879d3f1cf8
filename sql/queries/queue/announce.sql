-- Tells those who wait that a batch was decided. $1 pool and lane as text "3:17"
select pg_notify('queue_decided', $1::text)
