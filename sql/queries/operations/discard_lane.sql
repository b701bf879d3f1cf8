-- What of these commands a failure keeps in a lane is given up; told, and audited.
-- $1 pool, $2 lane int2, $3 commands uuid[], $4 actor, $5 why text. Rows: command of each
with given as (
  select id from queue.give_up($1::int2, $2::int2, $3::uuid[], jsonb_build_object('by', $4::text, 'why', $5::text)) id
), noted as (
  insert into operations.audit (actor, action, organization, details)
  select $4::text, 'command.discarded', c.organization,
         jsonb_build_object('command', c.id, 'kind', c.kind, 'why', $5::text)
  from given join queue.command c on c.id = given.id
)
select id from given
