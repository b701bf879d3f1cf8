-- How a pool's lanes are. $1 pool text. Rows: lanes, to int2 (of the open resize; null: none is open), actor, why text (its),
-- seconds int8 (since it began), waiting int8 (commands to decide before it can end; with none open, all that wait), held
-- int8 (subjects and commands behind a failure, which move), paused text (why; null: it is not)
select p.lanes, r.lanes, r.actor, r.why,
       coalesce(extract(epoch from clock_timestamp() - r.begun_at), 0)::int8, w.waiting, h.held, u.why
from queue.pool p
left join queue.resize r on r.pool = p.id and r.ended_at is null
left join queue.pause u on u.pool = p.id
cross join lateral (
  select count(*) as waiting from queue.waiting w
  where w.pool = p.id
    and (r.cut is null or w.xid < pg_snapshot_xmax(r.cut) and pg_visible_in_snapshot(w.xid, r.cut))) w
cross join lateral (select count(*) as held from queue.hold h where h.pool = p.id) h
where p.name = $1::text
