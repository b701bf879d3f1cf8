-- Follow-up commands of a batch, in the batch's own transaction (after the claim), and commands of operators.
-- $1 ids uuid[], $2 pools, $3 lanes int2[], $4 kinds, $5 organizations text[], $6 subjects int8[], $7 payloads jsonb[],
-- $8 actors, $9 channels, $10 traces text[], $11 causes uuid[], $12 awaited bool[], $13 received_at timestamptz[],
-- $14 notifications text[], $15 int8 the number of the map they were placed by (KB003: it is old). Rows: one
with appended as (
  insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, trace, cause,
                             awaited, received_at)
  select id, pool, lane, kind, organization, subject, payload, actor, channel, trace, cause, awaited, received_at
  from unnest($1::uuid[], $2::int2[], $3::int2[], $4::text[], $5::text[], $6::int8[], $7::jsonb[], $8::text[],
              $9::text[], $10::text[], $11::uuid[], $12::bool[], $13::timestamptz[])
    with ordinality u(id, pool, lane, kind, organization, subject, payload, actor, channel, trace, cause, awaited,
                      received_at, o)
  where (select set_config('queue.map', ($15::int8)::text, true)) is not null
  order by o
  on conflict do nothing
)
select count(pg_notify('queue_append', p)) from unnest($14::text[]) p
