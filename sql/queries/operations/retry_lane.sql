-- What of these commands a failure keeps in a lane is tried again at once, as if for the first time; told, and audited.
-- $1 pool, $2 lane int2, $3 commands uuid[], $4 actor, $5 why text. Rows: command of each
with tried as (
  select id from queue.try_again($1::int2, $2::int2, $3::uuid[], jsonb_build_object('by', $4::text, 'why', $5::text)) id
), noted as (
  insert into operations.audit (actor, action, organization, details)
  select $4::text, 'command.retried', c.organization,
         jsonb_build_object('command', c.id, 'kind', c.kind, 'why', $5::text)
  from tried join queue.command c on c.id = tried.id
)
select id from tried
