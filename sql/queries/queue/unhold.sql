-- A hold moves on. $1 hold int8, $2 position int8, $3 drained bool: nothing is left, the hold ends.
-- When it goes on, its next command is a fresh one: attempt 0, due at once, behind the others that are due. When none is, its
-- time, which has come, stays as it is: were it moved, each batch of a long release would leave an entry in every index, and
-- under an old transaction the next batches would visit them all.
with gone as (delete from queue.hold where id = $1::int8 and $3::bool)
update queue.hold h
set position = $2::int8, attempt = 0,
    next_at = case when exists (select from queue.hold o
                                where o.pool = h.pool and o.lane = h.lane and o.state = 'waiting'
                                  and o.next_at <= statement_timestamp() and o.id <> h.id)
                   then clock_timestamp() else h.next_at end
where h.id = $1::int8 and not $3::bool
