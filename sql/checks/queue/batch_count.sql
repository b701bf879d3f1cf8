-- A lane with its whole history has counted every command behind its cursor (and each release of a parked one again).
-- Rows: pool, lane, passed, counted
select l.pool, l.lane, c.passed, l.counted
from (select pool, lane, sum(count) as counted from queue.batch group by pool, lane having min(n) = 0) l
cross join lateral (
  select * from queue.batch b where b.pool = l.pool and b.lane = l.lane order by b.n desc limit 1) b
cross join lateral (
  select count(*) as passed from queue.command c
  where c.pool = l.pool and c.lane = l.lane
    and case when b.xid is null then pg_visible_in_snapshot(c.xid, b.high)
             else pg_visible_in_snapshot(c.xid, b.low)
                  or pg_visible_in_snapshot(c.xid, b.high) and (c.xid, c.seq) <= (b.xid, b.seq) end) c
where c.passed > l.counted
