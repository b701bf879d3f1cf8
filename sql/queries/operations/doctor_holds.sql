-- What failures keep, by cause, the most first.
-- Rows: state, cause text, subjects, commands int8, newest command uuid, since timestamptz
select h.state, left(queue.cause(h.error), 120), count(*), coalesce(sum(k.kept), 0)::int8,
       (array_agg(coalesce(h.command, h.head) order by h.since desc))[1], max(h.since)
from queue.hold h
cross join lateral (
  select case when h.command is null then count(*) else 1 end as kept
  from queue.parked p where p.hold = h.id and p.n > h.position) k
group by h.state, left(queue.cause(h.error), 120) order by count(*) desc limit 20
