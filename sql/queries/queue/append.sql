-- One flush of ingress: idempotency, commands and the wake-up, in one statement and so in one commit.
-- $1 ids uuid[], $2 pools, $3 lanes int2[], $4 kinds text[], $5 organizations text[], $6 subjects int8[],
-- $7 payloads jsonb[], $8 actors, $9 channels, $10 traces text[], $11 causes uuid[], $12 awaited bool[],
-- $13 received_at timestamptz[], $14 idempotency keys bytea[] (null = none), $15 digests bytea[],
-- $16 days to look in date[], $17 days to write date[], $18 notifications text[] (one a pool)
-- Rows: one with o = 0, then one for each request whose key was known or taken meanwhile:
-- o (position from 1), command (null: taken by a concurrent flush, ask `idempotent`), digest
with u as materialized (
  select * from unnest($1::uuid[], $2::int2[], $3::int2[], $4::text[], $5::text[], $6::int8[], $7::jsonb[], $8::text[],
                       $9::text[], $10::text[], $11::uuid[], $12::bool[], $13::timestamptz[], $14::bytea[], $15::bytea[])
    with ordinality u(id, pool, lane, kind, organization, subject, payload, actor, channel, trace, cause, awaited,
                      received_at, key, digest, o)
), known as materialized (
  select u.o, i.command, i.digest
  from u join queue.idempotency i on i.key = u.key and i.day = any ($16::date[])
), fresh as (
  insert into queue.idempotency (day, key, digest, command)
  select d.day, u.key, u.digest, u.id
  from u cross join unnest($17::date[]) d(day)
  where u.key is not null and not exists (select from known where known.o = u.o)
  order by u.key, d.day, u.o                             -- the same order in every flusher: no deadlock
  on conflict do nothing
  returning command
), taken as materialized (
  select command, count(*) = cardinality($17::date[]) as whole from fresh group by command
), appended as (
  insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, trace, cause,
                             awaited, received_at)
  select u.id, u.pool, u.lane, u.kind, u.organization, u.subject, u.payload, u.actor, u.channel, u.trace, u.cause,
         u.awaited, u.received_at
  from u where u.key is null or u.id in (select command from taken)
  order by u.o
  on conflict do nothing
)
select 0 * w.woken as o, null::uuid as command, null::bytea as digest
from (select count(pg_notify('queue_append', p)) as woken from unnest($18::text[]) p) w
union all
select u.o, known.command, known.digest
from u left join known on known.o = u.o
where u.key is not null and u.id not in (select command from taken)
union all
-- Near midnight a concurrent flush with another clock may take one of a key's days only: fail, and the repetition knows.
select queue.repeat_flush(), null::uuid, null::bytea from taken where not whole
