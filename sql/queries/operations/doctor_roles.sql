-- Roles that are missing or may do what they must not. Rows: role, problem text
with role(name) as (
  values ('kabinet_ingress'), ('kabinet_portal'), ('kabinet_workers'), ('kabinet_operator'), ('kabinet_clock')
), held as (
  select r.oid, r.rolname::text as name, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolbypassrls, r.rolreplication
  from pg_roles r join role on role.name = r.rolname
), relation as (
  select c.oid, s.nspname::text as place, c.relname::text as name
  from pg_class c join pg_namespace s on s.oid = c.relnamespace
  where s.nspname in ('queue', 'access', 'facts', 'views', 'operations', 'clock', 'identity') and c.relkind in ('r', 'p', 'v')
    and not c.relispartition
), may as (
  select h.name as role, t.place, t.name, a.action
  from held h cross join relation t cross join (values ('select'), ('insert'), ('update'), ('delete'), ('truncate')) a(action)
  where not h.rolsuper and case a.action
    when 'select' then has_any_column_privilege(h.oid, t.oid, 'select')
    when 'insert' then has_any_column_privilege(h.oid, t.oid, 'insert')
    when 'update' then has_any_column_privilege(h.oid, t.oid, 'update')
    else has_table_privilege(h.oid, t.oid, a.action) end
)
select role.name, 'the role is missing' from role where not exists (select from held where held.name = role.name)
union all
select name, 'has ' || attribute from held cross join lateral (values
  (rolsuper, 'SUPERUSER'), (rolcreaterole, 'CREATEROLE'), (rolcreatedb, 'CREATEDB'), (rolbypassrls, 'BYPASSRLS'),
  (rolreplication, 'REPLICATION')) a(has, attribute) where has
union all
select role, 'may ' || string_agg(distinct upper(action), ', ') || ' ' || place || '.' || name
from may
where action = 'truncate'
   or role = 'kabinet_ingress' and (place in ('facts', 'views', 'operations', 'identity') or action in ('update', 'delete'))
   or role = 'kabinet_portal' and (place in ('queue', 'facts', 'identity') or action <> 'select')
   or role = 'kabinet_workers' and (place || '.' || name in ('access.token', 'access.door_key')
        or place || '.' || name = 'identity.consent' and action in ('update', 'delete')
        or place = 'queue' and name in ('command', 'batch', 'exception', 'parked', 'idempotency')
           and action in ('update', 'delete'))
   or role = 'kabinet_operator' and (place in ('facts', 'views') and action <> 'select'
        or place = 'queue' and name not in ('hold', 'pause') and action in ('update', 'delete')
        or place || '.' || name = 'operations.audit' and action in ('update', 'delete'))
   or role = 'kabinet_clock' and place <> 'clock'
group by role, place, name
union all
select 'kabinet_operator', 'may read the hashes of access.token' from held
where name = 'kabinet_operator' and not rolsuper
  and has_column_privilege(oid, 'access.token'::regclass, 'hash', 'select')
order by 1, 2
