-- Jobs, the newest first. $1 id int8 (null: all), $2 limit int8.
-- Rows: id, action, dry_run, filter, actor, why, state, at, since, total, handled, appended, released, discarded, passed
-- int8, moved_seconds int8 (since a part ended; null: none has)
select j.id, j.action, j.dry_run, j.filter, j.actor, j.why, j.state, j.at, j.since, l.total, l.handled, l.appended,
       l.released, l.discarded, l.passed, l.moved
from operations.reprocess_job j
cross join lateral (
  select coalesce(sum(total), 0)::int8 as total, coalesce(sum(position), 0)::int8 as handled,
         coalesce(sum(appended), 0)::int8 as appended, coalesce(sum(released), 0)::int8 as released,
         coalesce(sum(discarded), 0)::int8 as discarded, coalesce(sum(passed), 0)::int8 as passed,
         greatest(0, extract(epoch from clock_timestamp() - max(at) filter (where position > 0)))::int8 as moved
  from operations.reprocess_lane where job = j.id) l
where $1::int8 is null or j.id = $1::int8
order by j.id desc limit $2::int8
