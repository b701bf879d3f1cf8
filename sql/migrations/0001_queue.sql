-- The durable command queue. Why it looks like this: a command is inserted once and never touched; a batch is one row;
-- the newest batch row of a lane is its cursor; the key (pool, lane, n) is what makes a batch exact. The life of a
-- command is drawn in Sources/Queue/Queue.swift.

do $$
declare role_name text;
begin
  foreach role_name in array array[
    'kabinet_ingress', 'kabinet_portal', 'kabinet_workers', 'kabinet_operator', 'kabinet_clock']
  loop
    -- Roles belong to the whole server; another database of it may have made them already.
    if not exists (select from pg_roles where rolname = role_name) then
      begin
        execute format('create role %I login', role_name);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
  end loop;
end $$;

create schema queue;

-- A pool is a set of lanes with threads of its own. Its lane count is fixed while it has undecided commands.
create table queue.pool (
  id smallint primary key generated always as identity,
  name text not null unique,
  lanes smallint not null check (lanes between 1 and 1024),
  mode text not null check (mode in ('decide', 'delivery'))
);

-- Which pool takes new commands of a kind.
create table queue.kind (
  kind text primary key check (kind ~ '^[a-z_]+\.[a-z_]+$'),
  pool smallint not null references queue.pool
);

create sequence queue.command_seq;

create table queue.command (
  id uuid not null,
  xid xid8 not null default pg_current_xact_id(),  -- before seq: defaults are evaluated in column order
  seq bigint not null default nextval('queue.command_seq'),
  subject bigint not null,
  received_at timestamptz not null,
  pool smallint not null,
  lane smallint not null,
  awaited boolean not null default false,          -- somebody waits for the outcome: announce it
  kind text not null,
  organization text not null,
  payload jsonb not null,
  actor text not null,
  channel text not null,
  trace text,
  cause uuid,                                      -- the command that this one repeats or follows
  primary key (id)
) partition by range (id);
alter sequence queue.command_seq owned by queue.command.seq;
create index command_lane on queue.command (pool, lane, xid, seq);

create table queue.batch (
  pool smallint not null,
  lane smallint not null,
  n bigint not null,
  low pg_snapshot not null,
  high pg_snapshot not null,
  xid xid8,                                        -- position in the diff; null = the diff is finished
  seq bigint,
  count int not null,
  refused int not null default 0,
  at timestamptz not null default clock_timestamp(),
  primary key (pool, lane, n)
) partition by range (n);
create table queue.batch_0 partition of queue.batch for values from (0) to (1000000000);
create table queue.batch_1 partition of queue.batch for values from (1000000000) to (2000000000);

-- Only for commands that did not simply succeed, or that returned something.
create table queue.exception (
  command uuid not null,
  at timestamptz not null default clock_timestamp(),
  attempt int not null default 0,
  kind text not null check (kind in ('refused', 'result', 'failed', 'abandoned', 'discarded', 'retried')),
  code text not null default '',
  body jsonb not null default '{}'
) partition by range (command);
create index exception_command on queue.exception (command, at);
create index exception_kind on queue.exception (kind, at);

-- What waits for a retry: one mutable row a held subject, or a single waiting command. Few.
create table queue.hold (
  id bigint generated always as identity primary key,
  pool smallint not null,
  lane smallint not null,
  subject bigint not null,
  command uuid,                                    -- null: the whole subject is held; else only this command waits
  head uuid not null,                              -- the command whose failure began it
  state text not null default 'waiting' check (state in ('waiting', 'abandoned')),
  attempt int not null,
  next_at timestamptz not null,
  position bigint not null default 0,              -- the last n of queue.parked that was decided
  error text not null,
  since timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
create unique index hold_subject on queue.hold (pool, lane, subject) where command is null;
create unique index hold_command on queue.hold (command) where command is not null;
create index hold_waiting on queue.hold (pool, lane) where state = 'waiting';

-- Commands of a held subject, in the order in which they were claimed.
create table queue.parked (
  hold bigint not null,
  n bigint not null generated always as identity,
  command uuid not null,
  primary key (hold, n)
);
create index parked_command on queue.parked (command);

-- Who sent what under which Idempotency-Key. Uniqueness holds within a day; look-ups read three days.
create table queue.idempotency (
  day date not null,
  key bytea not null,                              -- keyed hash of (who, Idempotency-Key), 16 bytes
  digest bytea not null,                           -- hash of the raw body, 16 bytes
  command uuid not null,
  primary key (day, key)
) partition by range (day);

-- A flush that won a key for one of two days only (40001) is repeated whole: by then the other's commit is visible.
create function queue.repeat_flush() returns bigint language plpgsql volatile as $$
begin
  raise serialization_failure using message = 'an idempotency key was taken for one of its days';
end $$;

-- One row: which server's transaction ids the cursors speak of. After a logical restore they mean nothing.
create table queue.origin (
  single boolean primary key default true check (single),
  system_identifier bigint not null
);
insert into queue.origin (system_identifier) select system_identifier from pg_control_system();

-- The smallest UUIDv7 of a moment.
create function queue.first_id(at timestamptz) returns uuid language sql immutable
return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;

-- Makes the partitions that are coming: weeks of commands and exceptions, days of idempotency. Returns what it made.
-- Weeks begin on Monday 00:00 UTC. A DEFAULT partition takes strays (ids of a client with a wrong clock cannot occur:
-- ingress makes them; but a restored or moved clock can). Strays of a week that is made now move into it, else it could
-- not be attached. Attaching locks the DEFAULT partition and so every claim: it never waits long, it is tried again.
create function queue.make_partitions(now timestamptz default clock_timestamp())
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
  for day in select generate_series((now at time zone 'UTC')::date - 1, (now at time zone 'UTC')::date + 3, '1 day') loop
    child := 'idempotency_' || to_char(day, 'YYYYMMDD');
    if to_regclass(format('queue.%I', child)) is null then
      execute format('create table queue.%I (like queue.idempotency)', child);
      lock table queue.idempotency_stray in access exclusive mode;
      execute format('with moved as (delete from queue.idempotency_stray where day = %L returning *)
                      insert into queue.%I select * from moved', day, child);
      execute format('alter table queue.idempotency attach partition queue.%I for values from (%L) to (%L)',
                     child, day, day + 1);
      return next child;
    end if;
  end loop;
end $$;
select queue.make_partitions();

-- Drops what is past its term: idempotency after two full days, commands and their exceptions after `keep` when every
-- command of the partition is decided and none is parked. Never waits long for a lock: it is tried again next hour.
create function queue.drop_partitions(keep interval default interval '40 days', now timestamptz default clock_timestamp())
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
    continue when child.parent = 'idempotency' and child.first_day + 3 > (now at time zone 'UTC')::date;
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

-- The lock and then the cursor, in one round trip. VOLATILE plpgsql takes a new snapshot for each of its statements, so
-- the cursor read after the lock sees what the lock's last owner committed. `clean` false is a bug (an xid taken before
-- the claim would lose commands): the caller gives up.
create function queue.cursor(the_pool smallint, the_lane smallint)
returns table (n bigint, raw_low pg_snapshot, raw_high pg_snapshot, raw_xid xid8, raw_seq bigint,
               low pg_snapshot, high pg_snapshot, xid xid8, seq bigint, clean boolean, due boolean)
language plpgsql volatile as $$
begin
  if not pg_try_advisory_xact_lock(the_pool, the_lane) then return; end if;
  return query
    select b.n, b.low, b.high, b.xid, b.seq,
           case when b.xid is null then b.high else b.low end,
           case when b.xid is null then pg_current_snapshot() else b.high end,
           coalesce(b.xid, '0'), coalesce(b.seq, 0),
           pg_current_xact_id_if_assigned() is null,
           exists (select from queue.hold h
                   where h.pool = the_pool and h.lane = the_lane and h.state = 'waiting'
                     and h.next_at <= clock_timestamp())
    from queue.batch b where b.pool = the_pool and b.lane = the_lane order by b.n desc limit 1;
end $$;

-- Whether a command lies behind its lane's cursor. What was parked on the way is asked of queue.hold.
create function queue.passed(the_pool smallint, the_lane smallint, the_xid xid8, the_seq bigint) returns boolean
language sql stable as $$
  select case when b.xid is null then pg_visible_in_snapshot(the_xid, b.high)
              else pg_visible_in_snapshot(the_xid, b.low)
                   or pg_visible_in_snapshot(the_xid, b.high) and (the_xid, the_seq) <= (b.xid, b.seq) end
  from queue.batch b where b.pool = the_pool and b.lane = the_lane order by b.n desc limit 1
$$;

grant usage on schema queue to kabinet_ingress, kabinet_workers, kabinet_operator;
grant select on queue.pool, queue.kind to kabinet_ingress;
grant insert, select on queue.command, queue.idempotency to kabinet_ingress;
grant usage on sequence queue.command_seq to kabinet_ingress, kabinet_workers, kabinet_operator;
grant select on queue.batch, queue.exception, queue.hold, queue.parked to kabinet_ingress;

grant select, insert on queue.pool, queue.kind, queue.command, queue.batch, queue.exception, queue.parked
  to kabinet_workers;
grant update on queue.kind to kabinet_workers;
grant select, insert, update, delete on queue.hold to kabinet_workers;
grant select on queue.origin to kabinet_workers;
revoke all on function queue.make_partitions(timestamptz), queue.drop_partitions(interval, timestamptz) from public;
grant execute on function queue.make_partitions(timestamptz), queue.drop_partitions(interval, timestamptz)
  to kabinet_workers;

grant select on all tables in schema queue to kabinet_operator;
grant insert on queue.command, queue.exception to kabinet_operator;
grant update (state, next_at, attempt, position, error), delete on queue.hold to kabinet_operator;
grant pg_monitor to kabinet_operator;

-- A stopped or hung process must not keep its lane: the server ends its transaction.
alter role kabinet_workers set idle_in_transaction_session_timeout = '5s';
alter role kabinet_workers set plan_cache_mode = force_generic_plan;
alter role kabinet_ingress set plan_cache_mode = force_generic_plan;
-- Every statement here is short; compiling one costs a hundred times what it takes to run it (measured: the slow poll
-- took 240 ms with JIT, 0.6 ms without).
alter role kabinet_ingress set jit = off;
alter role kabinet_portal set jit = off;
alter role kabinet_workers set jit = off;
alter role kabinet_operator set jit = off;
-- All that lanes and the door ask is a look-up by key, driven by an array. A plan made while a table was still empty (a
-- sort, a scan) would stay for the life of a session; only the plan that is right for every size is left to choose.
do $$
declare role_name text;
        setting text;
begin
  foreach role_name in array array['kabinet_workers', 'kabinet_ingress'] loop
    foreach setting in array array['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin'] loop
      execute format('alter role %I set %I = off', role_name, setting);
    end loop;
  end loop;
end $$;
