-- The state of every lane that commands can be in. Rows: pool name, lane int2, n int8 (batches so far), last_seconds int8 (since the last batch),
-- decided in the last minute, waiting int8, oldest_seconds int8 (null: nothing waits), held, abandoned int8
select p.name, l.lane::int2, b.n, greatest(0, extract(epoch from clock_timestamp() - b.at))::int8, m.decided, w.waiting,
       w.oldest, h.held, h.abandoned
from queue.pool p
cross join generate_series(0, p.lanes_ever - 1) l(lane)
cross join lateral (
  select n, at from queue.batch where pool = p.id and lane = l.lane::int2 order by n desc limit 1) b
cross join lateral (
  select coalesce(sum(x.count) filter (where x.at > clock_timestamp() - interval '1 minute'), 0)::int8 as decided
  from (select count, at from queue.batch where pool = p.id and lane = l.lane::int2 order by n desc limit 6000) x) m
left join (
  select w.pool, w.lane, count(*) as waiting,
         greatest(0, extract(epoch from clock_timestamp() - min(queue.made_at(w.id))))::int8 as oldest
  from queue.waiting w group by w.pool, w.lane) w0 on w0.pool = p.id and w0.lane = l.lane::int2
cross join lateral (select coalesce(w0.waiting, 0) as waiting, w0.oldest) w
cross join lateral (
  select count(*) filter (where state = 'waiting') as held, count(*) filter (where state = 'abandoned') as abandoned
  from queue.hold where pool = p.id and lane = l.lane::int2) h
where l.lane < p.lanes or w.waiting > 0 or h.held + h.abandoned > 0
order by p.id, l.lane
