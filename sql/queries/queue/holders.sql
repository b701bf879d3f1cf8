-- Which of these idempotency keys are taken, and by which command.
-- $1 keys bytea[], $2, $3, $4 first days of the four days to look in, date (null = none).
-- Rows: o (position from 1), command, digest
-- A day a branch: the plan then opens one partition for each. OFFSET 0 keeps each look-up one by the whole key, whatever
-- the planner thinks of a table that was empty when the session began (measured: 700 µs a key instead of 2).
with u as materialized (select * from unnest($1::bytea[]) with ordinality u(key, o))
select u.o, i.command, i.digest
from u, lateral (select command, digest from queue.idempotency i where i.key = u.key and i.day = $2::date offset 0) i
union all
select u.o, i.command, i.digest
from u, lateral (select command, digest from queue.idempotency i where i.key = u.key and i.day = $3::date offset 0) i
union all
select u.o, i.command, i.digest
from u, lateral (select command, digest from queue.idempotency i where i.key = u.key and i.day = $4::date offset 0) i
