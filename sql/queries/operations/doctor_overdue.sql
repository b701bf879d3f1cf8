-- Partitions that should have been dropped, and what keeps them.
-- $1 seconds int8 since when an open transaction counts. Rows: name, why ('waiting', 'kept', 'locked', 'untried') text,
-- commands int8 (of the first two, at most 1000), pid int4, session text (of 'locked')
select o.name,
       case when w.waiting > 0 then 'waiting' when k.kept > 0 then 'kept' when s.pid is not null then 'locked'
            else 'untried' end,
       greatest(w.waiting, k.kept), s.pid, coalesce(s.session, '')
from queue.partition_overdue o
cross join lateral (
  select count(*) as waiting from (
    select from queue.waiting w where o.kind = 'command' and w.id >= o.first and w.id < o.beyond limit 1000) w) w
cross join lateral (
  select count(*) as kept from (
    select h.head from queue.hold h where o.kind = 'command' and h.head >= o.first and h.head < o.beyond
    union
    select p.command from queue.hold h join queue.parked p on p.hold = h.id and p.n > h.position
    where o.kind = 'command' and p.command >= o.first and p.command < o.beyond limit 1000) k) k
left join lateral (
  select a.pid, format('%s (%s), %s', a.usename, coalesce(nullif(a.application_name, ''), '?'), a.state) as session
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.granted and l.relation in (o.oid, o.parent, to_regclass('queue.' || o.kind || '_stray'))
    and l.database = (select oid from pg_database where datname = current_database())
    and a.pid <> pg_backend_pid() and a.xact_start <= clock_timestamp() - $1::int8 * interval '1 second'
  order by a.xact_start limit 1) s on true
order by o.name
