-- What `kabinet doctor` and the metrics need beyond reading.

-- How a new session of a role would plan a statement with parameters: under that role's settings, by its generic plan. It
-- explains and runs nothing, with the rights of whoever asks; the settings last until the transaction ends.
create function operations.plan(the_role text, statement text, arguments text) returns jsonb
language plpgsql volatile as $$
declare
  setting text;
  plan json;
begin
  for setting in
    select unnest(s.setconfig) from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase
    where s.setrole in (0, the_role::regrole) and (s.setdatabase = 0 or d.datname = current_database())
    order by s.setrole, s.setdatabase
  loop
    begin
      perform set_config(split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1), true);
    exception when insufficient_privilege then null;   -- one that only superusers may change: the plan is told without it
    end;
  end loop;
  -- A name of its own kind: a prepared statement outlives the transaction that fails.
  execute 'prepare doctor_plan as ' || statement;
  begin
    execute 'explain (format json) execute doctor_plan (' || arguments || ')' into plan;
  exception when others then
    deallocate doctor_plan;
    raise;
  end;
  deallocate doctor_plan;
  return plan;
end $$;
revoke all on function operations.plan(text, text, text) from public;
grant execute on function operations.plan(text, text, text) to kabinet_operator;

-- Partitions that should be there and are not: this week and the next, these four days and the next (UTC). The next ones
-- are made hourly, so there are two hours for it.
create view queue.partition_missing as
with moment(at, next) as (
  values (clock_timestamp() at time zone 'UTC', 0), ((clock_timestamp() - interval '2 hours') at time zone 'UTC', 1)
)
select w.name from (
  select p.parent || '_' || to_char(date_trunc('week', t.at) + t.next * interval '7 days', 'YYYYMMDD') as name
  from unnest(array['command', 'exception']) p(parent), moment t
  union all
  select 'idempotency_' || to_char(queue.first_day(t.at::date) + 4 * t.next, 'YYYYMMDD') from moment t) w
where to_regclass('queue.' || w.name) is null;

-- Partitions that queue.drop_partitions should have dropped by now: it is called hourly, so there are two hours for it.
-- Exceptions go after their commands, and are not overdue before.
create view queue.partition_overdue as
select c.oid, c.relname::text as name, p.oid as parent, p.relname::text as kind,
       queue.first_id(d.first_day at time zone 'UTC') as first,
       queue.first_id((d.first_day + interval '7 days') at time zone 'UTC') as beyond
from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
cross join lateral (select right(c.relname, 8)::date::timestamp as first_day) d
where p.relnamespace = 'queue'::regnamespace and p.relname in ('command', 'exception', 'idempotency')
  and c.relname ~ '_[0-9]{8}$'
  and d.first_day + case p.relname when 'idempotency' then interval '7 days' else interval '47 days' end
      + interval '2 hours' < clock_timestamp() at time zone 'UTC'
  and (p.relname <> 'exception' or to_regclass('queue.command_' || right(c.relname, 8)) is null);

grant select on queue.partition_missing, queue.partition_overdue to kabinet_operator, kabinet_workers;
-- The workers' metrics tell how long lanes have stood.
grant select on queue.waiting to kabinet_workers;
