-- The first of the next commands of a job that a failure keeps: the one lane whose holds a part may touch. It is the hold's:
-- a resize moves holds, not commands. $1 job int8, $2 lane int2, $3 position, $4 limit int8. Rows: pool, lane int2; none or one
select k.pool, k.lane
from (
  select n, command from operations.reprocess_row where job = $1::int8 and lane = $2::int2 and n > $3::int8
  order by n limit $4::int8) r
cross join lateral (
  select h.pool, h.lane from queue.hold h where h.command = r.command
  union all
  -- A look-up for each: once planned while the tables were empty, it came from all holds there are.
  select h.pool, h.lane from (select k.hold, k.n from queue.parked k where k.command = r.command offset 0) p
  cross join lateral (select k.pool, k.lane from queue.hold k where k.id = p.hold and p.n > k.position offset 0) h
  limit 1) k
order by r.n limit 1
