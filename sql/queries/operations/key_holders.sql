-- How many of the running workers that say what they know hold a sealing key. $1 id text. Rows: processes, holders int8
with running as (
  select distinct k.pid from queue.known k where k.word = queue.word('workers')
)
select (select count(*) from running),
       (select count(*) from running r join queue.known h on h.pid = r.pid and h.word = queue.word('key ' || $1::text))
