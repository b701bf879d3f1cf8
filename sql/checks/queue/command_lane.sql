-- A subject of a pool has one lane: the subject, taken as unsigned, modulo the lanes that were in force, which a resize's cut
-- tells. Looks at the commands of two days; what was decided before queue.rebase (xid 3) tells nothing any more.
-- Rows: id, pool, lane, subject
select c.id, c.pool, c.lane, c.subject
from queue.command c left join queue.pool p on p.id = c.pool
where c.id >= (select queue.first_id(clock_timestamp() - interval '2 days')) and c.xid <> '3'
  and c.lane is distinct from queue.lane(c.subject, coalesce(
    case when (select exists (select from queue.resize)) then
      (select r.lanes_before from queue.resize r where r.pool = c.pool and pg_visible_in_snapshot(c.xid, r.cut)
       order by r.id limit 1) end, p.lanes))
