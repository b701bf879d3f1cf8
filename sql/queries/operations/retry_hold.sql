-- A hold is tried again at once, as if for the first time, and its lane is woken.
-- $1 hold int8, $2 position int8 (null: as it was)
with moved as (
  update queue.hold set state = 'waiting', attempt = 0, next_at = clock_timestamp(),
    position = coalesce($2::int8, position)
  where id = $1::int8 returning pool, lane
)
select pg_notify('queue_append', pool || ':' || repeat('0', lane / 4) || to_hex(1 << lane % 4)) from moved
