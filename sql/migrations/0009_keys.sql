-- Idempotency keys by four days instead of by one, and a look-up that compares keys first. A flush then meets a key of its
-- own four days as a unique violation and looks only into the four days before, and only in the first two of its own:
-- keys still hold at least 48 hours. Measured at 64 connections: the look-up of each flush, three partitions a key, was a
-- quarter of the server's work.
alter table queue.idempotency rename to idempotency_by_day;

create table queue.idempotency (
  day date not null,                               -- the first of its four days, see first_day
  key bytea not null,                              -- hash of (who, Idempotency-Key), 16 bytes
  digest bytea not null,                           -- hash of the raw body, 16 bytes
  command uuid not null,
  primary key (key, day)
) partition by range (day);
grant insert, select on queue.idempotency to kabinet_ingress;
grant select on queue.idempotency to kabinet_operator;

-- The first of the four days (from 1970-01-01) to which a day belongs.
create function queue.first_day(day date) returns date language sql immutable
return day - mod(day - date '1970-01-01', 4);

-- Also makes four days of idempotency: the ones before, these and the next.
create or replace function queue.make_partitions(now timestamptz default clock_timestamp())
returns setof text language plpgsql security definer
set search_path = pg_catalog, pg_temp set lock_timeout = '200ms' as $$
declare
  week timestamptz;
  day date;
  parent text;
  child text;
  id_column text;
begin
  for parent in select unnest(array['command', 'exception']) loop
    if to_regclass(format('queue.%I', parent || '_stray')) is null then
      execute format('create table queue.%I partition of queue.%I default', parent || '_stray', parent);
      return next parent || '_stray';
    end if;
    for week in
      select generate_series(date_trunc('week', now at time zone 'UTC') at time zone 'UTC',
                             (date_trunc('week', now at time zone 'UTC') + interval '7 days') at time zone 'UTC',
                             interval '7 days')
    loop
      child := parent || '_' || to_char(week at time zone 'UTC', 'YYYYMMDD');
      id_column := case parent when 'command' then 'id' else 'command' end;
      if to_regclass(format('queue.%I', child)) is null then
        execute format('create table queue.%I (like queue.%I including defaults including constraints)', child, parent);
        execute format('lock table queue.%I in access exclusive mode', parent || '_stray');
        execute format('with moved as (delete from queue.%I where %I >= %L and %I < %L returning *)
                        insert into queue.%I select * from moved',
                       parent || '_stray', id_column, queue.first_id(week),
                       id_column, queue.first_id(week + interval '7 days'), child);
        execute format('alter table queue.%I attach partition queue.%I for values from (%L) to (%L)',
                       parent, child, queue.first_id(week), queue.first_id(week + interval '7 days'));
        return next child;
      end if;
    end loop;
  end loop;
  if to_regclass('queue.idempotency_stray') is null then
    create table queue.idempotency_stray partition of queue.idempotency default;
    return next 'idempotency_stray';
  end if;
  for day in select queue.first_day((now at time zone 'UTC')::date) + n * 4 from generate_series(-1, 1) n loop
    child := 'idempotency_' || to_char(day, 'YYYYMMDD');
    if to_regclass(format('queue.%I', child)) is null then
      execute format('create table queue.%I (like queue.idempotency)', child);
      lock table queue.idempotency_stray in access exclusive mode;
      execute format('with moved as (delete from queue.idempotency_stray where day >= %L and day < %L returning *)
                      insert into queue.%I select * from moved', day, day + 4, child);
      execute format('alter table queue.idempotency attach partition queue.%I for values from (%L) to (%L)',
                     child, day, day + 4);
      return next child;
    end if;
  end loop;
end $$;

-- Idempotency goes when its last day is two full days past.
create or replace function queue.drop_partitions(keep interval default interval '40 days', now timestamptz default clock_timestamp())
returns setof text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  child record;
  undecided boolean;
begin
  set local lock_timeout = '200ms';
  for child in
    select c.relname::text as name, p.relname::text as parent, right(c.relname, 8)::date as first_day
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where p.relnamespace = 'queue'::regnamespace and p.relname in ('command', 'exception', 'idempotency')
      and c.relname ~ '_[0-9]{8}$'
    order by p.relname <> 'command', c.relname
  loop
    continue when child.parent = 'idempotency' and child.first_day + 7 > (now at time zone 'UTC')::date;
    continue when child.parent <> 'idempotency' and child.first_day + 7 + keep > now at time zone 'UTC';
    if child.parent = 'command' then
      execute format($sql$
        select exists (
          select from queue.%I c
          cross join lateral (select b.* from queue.batch b where b.pool = c.pool and b.lane = c.lane
                              order by b.n desc limit 1) b
          where not case when b.xid is null then pg_visible_in_snapshot(c.xid, b.high)
                         else pg_visible_in_snapshot(c.xid, b.low)
                              or pg_visible_in_snapshot(c.xid, b.high) and (c.xid, c.seq) <= (b.xid, b.seq) end)
        or exists (select from queue.%I c join queue.hold h on h.command = c.id or h.head = c.id)
        or exists (select from queue.%I c join queue.parked p on p.command = c.id
                   join queue.hold h on h.id = p.hold and p.n > h.position)$sql$,
        child.name, child.name, child.name) into undecided;
      continue when undecided;
    elsif child.parent = 'exception' then
      continue when to_regclass('queue.command_' || right(child.name, 8)) is not null;
    end if;
    begin
      execute format('alter table queue.%I detach partition queue.%I', child.parent, child.name);
      execute format('drop table queue.%I', child.name);
      return next child.name;
    exception when lock_not_available then
      raise warning 'queue partition % is in use and was not dropped', child.name;
    end;
  end loop;
end $$;
drop function queue.repeat_flush();

-- Under their new names the partitions can be made; what was kept moves in.
do $$
declare child record;
begin
  for child in select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
               where i.inhparent = 'queue.idempotency_by_day'::regclass loop
    execute format('alter table queue.%I rename to %I', child.name, 'by_day_' || child.name);
  end loop;
end $$;
do $$ begin
  while exists (select from queue.make_partitions()) loop null; end loop;
end $$;
grant select on queue.idempotency_stray to kabinet_operator;
insert into queue.idempotency (day, key, digest, command)
select distinct on (key, queue.first_day(day)) queue.first_day(day), key, digest, command
from queue.idempotency_by_day order by key, queue.first_day(day), command;
drop table queue.idempotency_by_day;
