-- A hold moves on. $1 hold int8, $2 position int8, $3 drained bool: nothing is left, the hold ends.
-- When it goes on, its next command is a fresh one: attempt 0, due at once.
with gone as (delete from queue.hold where id = $1::int8 and $3::bool)
update queue.hold set position = $2::int8, attempt = 0, next_at = clock_timestamp()
where id = $1::int8 and not $3::bool
