-- Published sealing keys, the newest first, and how many of the running workers that say what they know hold each. Commands
-- live 47 days at most: for so long a key is needed after the next one was published; longer, while something at rest was
-- made with it.
-- Rows: id text, since timestamptz, by text, newest, needed bool, processes, holders int8
with running as (
  select distinct k.pid from queue.known k where k.word = queue.word('workers')
)
select k.id, k.since, k.published_by, k.until is null, k.until is null or k.until > clock_timestamp() - interval '47 days' or identity.needs_key(k.id),
       (select count(*) from running),
       (select count(*) from running r join queue.known h on h.pid = r.pid and h.word = queue.word('key ' || k.id))
from (select s.*, lead(s.since) over (order by s.since, s.id) as until from access.sealing_key s) k
order by k.since desc, k.id desc
