-- The state of every pool. Rows: name, mode, lanes, kinds text[], waiting, oldest_seconds (null: nothing waits), decided
-- in the last minute, parked, held, abandoned, refused in the last hour, all int8, why it is paused text
-- (null: it is not), lanes int2 that it is being resized to (null: it is not)
select p.name, p.mode, p.lanes, k.kinds, w.waiting, w.oldest, b.decided, h.parked, h.held, h.abandoned, r.refused, u.why,
       z.lanes
from queue.pool p
left join queue.resize z on z.pool = p.id and z.ended_at is null
left join queue.pause u on u.pool = p.id
cross join lateral (
  select coalesce(array_agg(kind order by kind), '{}') as kinds from queue.kind where pool = p.id) k
cross join lateral (
  select count(*) as waiting,
         case when count(*) > 0
           then greatest(0, extract(epoch from clock_timestamp() - min(queue.made_at(w.id))))::int8 end as oldest
  from queue.waiting w where w.pool = p.id) w
cross join lateral (
  select coalesce(sum(b.count) filter (where b.at > clock_timestamp() - interval '1 minute'), 0)::int8 as decided
  from generate_series(0, p.lanes_ever - 1) l(lane)
  cross join lateral (select count, at from queue.batch where pool = p.id and lane = l.lane::int2
                      order by n desc limit 6000) b) b
cross join lateral (
  select count(*) filter (where h.state = 'waiting') as held, count(*) filter (where h.state = 'abandoned') as abandoned,
         coalesce(sum(case when h.command is null then
                        (select greatest(count(*) - 1, 0) from queue.parked q where q.hold = h.id and q.n > h.position)
                      else 0 end), 0)::int8 as parked
  from queue.hold h where h.pool = p.id) h
cross join lateral (
  select count(*) as refused from queue.exception e join queue.command c on c.id = e.command and c.pool = p.id
  where e.kind = 'refused' and e.at > clock_timestamp() - interval '1 hour') r
order by p.id
