-- What of these commands is head of a hold of the lane is tried again at once, as if for the first time; told, audited, and
-- the lane woken. $1 pool, $2 lane int2, $3 commands uuid[], $4 actor, $5 why text. Rows: command of each
with head as (
  select u.id, h.id as hold from unnest($3::uuid[]) u(id)
  join queue.hold h on h.command = u.id and h.pool = $1::int2 and h.lane = $2::int2
  union all
  select u.id, h.id from unnest($3::uuid[]) u(id)
  join queue.parked p on p.command = u.id
  join queue.hold h on h.id = p.hold and p.n > h.position and h.command is null
    and h.pool = $1::int2 and h.lane = $2::int2
  where not exists (select from queue.parked q where q.hold = h.id and q.n > h.position and q.n < p.n)
), moved as (
  update queue.hold h set state = 'waiting', attempt = 0, next_at = clock_timestamp()
  from head where h.id = head.hold returning head.id
), told as (
  insert into queue.exception (command, kind, body)
  select id, 'retried', jsonb_build_object('by', $4::text, 'why', $5::text) from moved
), noted as (
  insert into operations.audit (actor, action, organization, details)
  select $4::text, 'command.retried', c.organization,
         jsonb_build_object('command', c.id, 'kind', c.kind, 'why', $5::text)
  from moved join queue.command c on c.id = moved.id
), woken as (
  select pg_notify('queue_append', $1::int2 || ':' || repeat('0', $2::int2 / 4) || to_hex(1 << $2::int2 % 4))
  where exists (select from moved)
)
select moved.id from moved left join woken on true
