-- Jobs that do not go on: an hour paused, or five minutes without a part while the pool that works them runs.
-- Rows: id int8, state text, seconds int8
select j.id, j.state, extract(epoch from clock_timestamp() - m.at)::int8
from operations.reprocess_job j
cross join lateral (
  select greatest(j.since, max(l.at)) as at from operations.reprocess_lane l where l.job = j.id) m
where j.state = 'paused' and j.since < clock_timestamp() - interval '1 hour'
   or j.state = 'running' and m.at < clock_timestamp() - interval '5 minutes'
      and not exists (select from queue.pause u join queue.kind k on k.pool = u.pool where k.kind = 'reprocess.part')
order by j.id
