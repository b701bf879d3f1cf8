-- Lanes with work that nobody moves. Rows: verdict, pool text, lane int2 (-1: all), waiting, oldest_seconds,
-- last_seconds int8, pid int4 (null) and session text of whoever else has the lane's lock
--   stalled   the whole pool stands: ten seconds, and two minutes where calls to the outside may take so long
--   unserved  workers run, and none has a session for this pool
--   starved   the lane is passed over, for a minute or more: others of its pool had ten turns each meanwhile, or threads idle
with lane as (
  select p.id, p.name, p.mode, l.lane::int2 as lane, b.at, t.at as tenth
  from queue.pool p cross join generate_series(0, p.lanes_ever - 1) l(lane)
  cross join lateral (
    select at from queue.batch where pool = p.id and lane = l.lane::int2 order by n desc limit 1) b
  left join lateral (
    select at from queue.batch where pool = p.id and lane = l.lane::int2 order by n desc offset 9 limit 1) t on true
  -- A paused pool stands because an operator wants it to.
  where not exists (select from queue.pause u where u.pool = p.id)
    -- And one that waits for workers of another release has a check of its own.
    and (p.id, l.lane::int2) not in (select u.pool, u.lane from queue.unknown u)
    -- While a pool is resized, a lane that has done its part waits for the others.
    and not exists (select from queue.drained d where d.pool = p.id and d.lane = l.lane)
), pool as (
  select l.id, max(l.at) as at, max(l.tenth) as tenth, a.connected, a.busy,
         case min(l.mode) when 'delivery' then interval '2 minutes' else interval '10 seconds' end as patience
  from lane l
  cross join lateral (
    select count(*) > 0 as connected, coalesce(bool_or(state <> 'idle'), false) as busy
    from pg_stat_activity where datname = current_database() and application_name = 'kabinet ' || l.name) a
  group by l.id, a.connected, a.busy
), work as (
  -- Of a long backlog its beginning is enough.
  select l.*, w.waiting, w.oldest
  from lane l
  cross join lateral (
    select count(*) as waiting, min(made) as oldest from (
      (select queue.made_at(w.id) as made from queue.waiting w where w.pool = l.id and w.lane = l.lane limit 1000)
      union all
      (select h.next_at from queue.hold h
       where h.pool = l.id and h.lane = l.lane and h.state = 'waiting' and h.next_at <= clock_timestamp())) w) w
  where w.waiting > 0
), judged as (
  select case when p.at >= now.at - p.patience or p.busy then
                case when greatest(w.oldest, w.at) < now.at - greatest(p.patience, interval '1 minute')
                      and (p.tenth > greatest(w.oldest, w.at) or not p.busy) then 'starved' end
              when not p.connected and listens.up then 'unserved'
              when greatest(w.oldest, w.at) < now.at - p.patience then 'stalled' end as verdict,
         w.*, now.at as present
  from work w join pool p on p.id = w.id
  cross join (select clock_timestamp() as at) now
  cross join (select exists (select from pg_stat_activity
                             where datname = current_database() and application_name = 'kabinet listener') as up) listens
  where greatest(w.oldest, w.at) < now.at - p.patience
)
select j.verdict, j.name, j.lane, j.waiting, extract(epoch from present - oldest)::int8,
       extract(epoch from present - at)::int8, s.pid, coalesce(s.session, '')
from judged j
left join lateral (
  select a.pid, format('%s (%s), %s', a.usename, coalesce(nullif(a.application_name, ''), '?'), a.state) as session
  from pg_locks k join pg_stat_activity a on a.pid = k.pid
  where k.locktype = 'advisory' and k.granted and k.objsubid = 2 and k.classid::int8 = j.id and k.objid::int8 = j.lane
    and k.database = (select oid from pg_database where datname = current_database()) limit 1) s on true
where j.verdict in ('stalled', 'starved')
union all
select j.verdict, j.name, -1::int2, sum(j.waiting)::int8, max(extract(epoch from present - oldest))::int8,
       min(extract(epoch from present - at))::int8, null, ''
from judged j where j.verdict = 'unserved' group by j.verdict, j.name
order by 1, 2, 3
