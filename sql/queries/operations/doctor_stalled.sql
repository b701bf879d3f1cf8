-- Lanes with work that nobody moves: ten seconds, and two minutes where calls to the outside may take so long.
-- Rows: pool name, lane int2, waiting, oldest_seconds, last_seconds int8
select p.name, w.lane, w.waiting, extract(epoch from clock_timestamp() - w.oldest)::int8,
       extract(epoch from clock_timestamp() - b.at)::int8
from (
  select pool, lane, count(*) as waiting, min(queue.made_at(id)) as oldest from queue.waiting group by pool, lane
  union all
  select pool, lane, count(*), min(next_at) from queue.hold where state = 'waiting' group by pool, lane) w
join queue.pool p on p.id = w.pool
cross join lateral (
  select at from queue.batch where pool = w.pool and lane = w.lane order by n desc limit 1) b
cross join lateral (
  select clock_timestamp() - case p.mode when 'delivery' then interval '2 minutes' else interval '10 seconds' end as since) s
where w.oldest < s.since and b.at < s.since
  and not exists (select from queue.pause u where u.pool = p.id)
order by p.name, w.lane
