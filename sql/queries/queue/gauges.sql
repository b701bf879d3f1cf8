-- What the metrics tell of the queue: the same as `kabinet doctor`, as far as the workers' role can see it. Of a long
-- backlog its beginning is enough. Rows: name, pool, mode text (empty: of no pool), value int8
with lane as (
  select p.id, p.name, p.mode, l.lane::int2 as lane, b.at
  from queue.pool p cross join generate_series(0, p.lanes_ever - 1) l(lane)
  cross join lateral (
    select at from queue.batch where pool = p.id and lane = l.lane::int2 order by n desc limit 1) b
), stand as (
  -- Greatest and least pass over null, which a lane without work has.
  select l.id, l.name, l.mode, now.at as now, max(l.at) as at, min(w.oldest) as oldest,
         min(case when w.oldest is not null and d.lane is null then greatest(w.oldest, l.at) end) as unmoved
  from lane l
  cross join (select clock_timestamp() as at) now
  -- While a pool is resized, a lane that has done its part waits for the others.
  left join queue.drained d on d.pool = l.id and d.lane = l.lane
  cross join lateral (
    select min(made) as oldest from (
      (select queue.made_at(w.id) as made from queue.waiting w where w.pool = l.id and w.lane = l.lane limit 100)
      union all
      (select h.next_at from queue.hold h
       where h.pool = l.id and h.lane = l.lane and h.state = 'waiting' and h.next_at <= clock_timestamp())) w) w
  group by l.id, l.name, l.mode, now.at
)
-- How old the oldest waiting command is; how long a lane with work has not moved; the same of the whole pool.
select g.name, s.name, s.mode, greatest(0, coalesce(extract(epoch from s.now - g.since), 0))::int8
from stand s cross join lateral (values
  ('queue_oldest_seconds', s.oldest), ('queue_passed_over_seconds', s.unmoved),
  ('queue_still_seconds', case when s.unmoved is not null then greatest(s.unmoved, s.at) end)) g(name, since)
union all
select 'queue_holds_' || g.state, p.name, p.mode,
       (select count(*) from queue.hold h where h.pool = p.id and h.state = g.state)
from queue.pool p cross join (values ('waiting'), ('abandoned')) g(state)
union all
select 'queue_notifications_thousandths', '', '', (pg_notification_queue_usage() * 1000)::int8
union all
select 'queue_partitions_missing', '', '', count(distinct name) from queue.partition_missing
union all
select 'queue_partitions_overdue', '', '', count(*) from queue.partition_overdue
union all
-- Turned into how far apart the clocks are.
select 'clock', '', '', (extract(epoch from clock_timestamp()) * 1000000)::int8
