-- Resizes that are open for ten minutes and get on no more. Rows: pool text, lanes int2, seconds int8, waiting int8 (commands
-- to decide before it can end), paused bool
select p.name, r.lanes, extract(epoch from clock_timestamp() - r.begun_at)::int8, w.waiting, u.pool is not null
from queue.resize r
join queue.pool p on p.id = r.pool
left join queue.pause u on u.pool = p.id
cross join lateral (
  select max(b.at) as at from generate_series(0, p.lanes_ever - 1) l cross join lateral (
    select b.at from queue.batch b where b.pool = p.id and b.lane = l.l order by b.n desc limit 1) b) b
cross join lateral (
  select count(*) as waiting from (
    select from queue.waiting w
    where w.pool = p.id and w.xid < pg_snapshot_xmax(r.cut) and pg_visible_in_snapshot(w.xid, r.cut) limit 100000) w) w
where r.ended_at is null and r.begun_at < clock_timestamp() - interval '10 minutes'
  and b.at < clock_timestamp() - interval '2 minutes'
order by p.name
