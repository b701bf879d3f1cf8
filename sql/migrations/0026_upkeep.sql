-- On the last of every four days the upkeep made the four days of idempotency before them, which are past their term by
-- then, and dropped them again at once, every hour of that day: what is past its term is no longer made.

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
  for day in
    select d from generate_series(-1, 1) n
    cross join lateral (select queue.first_day((now at time zone 'UTC')::date) + n * 4) t(d)
    where d + 7 > (now at time zone 'UTC')::date     -- as drop_partitions has it
  loop
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


-- Where this is one of those days, the migrations before have just made them, and no workers run yet that would drop them.
do $$
declare child name;
begin
  for child in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'queue.idempotency'::regclass and c.relname ~ '^idempotency_\d{8}$'
      and to_date(right(c.relname, 8), 'YYYYMMDD') + 7 <= (clock_timestamp() at time zone 'UTC')::date
  loop
    execute format('drop table queue.%I', child);
  end loop;
end $$;
