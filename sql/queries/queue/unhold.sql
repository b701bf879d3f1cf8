-- A hold moves on. $1 hold int8, $2 position int8, $3 drained bool: nothing is left, the hold ends.
-- When it goes on, its next command is a fresh one: attempt 0, due at once, as its time has come already. That time stays as
-- it is: were it moved, each batch of a long release would leave an entry in every index, and under an old transaction the
-- next batches would visit them all.
with gone as (delete from queue.hold where id = $1::int8 and $3::bool)
update queue.hold set position = $2::int8, attempt = 0
where id = $1::int8 and not $3::bool
