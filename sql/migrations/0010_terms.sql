-- What remains when a term is over, and what goes.

-- Of a command whose partition was dropped: kind, time and outcome.
create table queue.past (
  id uuid primary key,
  kind text not null,
  organization text not null,
  received_at timestamptz not null,
  state text not null,
  code text not null
);
grant select on queue.past to kabinet_ingress, kabinet_operator;

-- Commands and their exceptions go after `keep` when every command of the partition is decided and none is parked; the
-- rest as before.
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
      if child.parent = 'command' then
        execute format($sql$
          insert into queue.past (id, kind, organization, received_at, state, code)
          select c.id, c.kind, c.organization, c.received_at, s.state, s.code
          from queue.%I c cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
          on conflict do nothing$sql$, child.name);
      end if;
      execute format('alter table queue.%I detach partition queue.%I', child.parent, child.name);
      execute format('drop table queue.%I', child.name);
      return next child.name;
    exception when lock_not_available then
      raise warning 'queue partition % is in use and was not dropped', child.name;
    end;
  end loop;
end $$;

-- Batches go by ranges of n, a thousand million each. Once a range has stood for `stay`, every lane gets a closing row,
-- which conflicts with whoever else has read its cursor, and its cursor again as the first n of the next range; a range
-- goes when the one after it has stood as long. A lane that is busy now is moved by a later call. Returns what it did.
create function queue.rotate_batches(stay interval default interval '7 days', span bigint default 1000000000)
returns setof text language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '200ms' as $$
declare
  top bigint;
  begun timestamptz;
  behind int;
  moved int := 0;
  place record;
  old record;
begin
  with lane as (
    select b.n, first.at
    from queue.pool p cross join lateral generate_series(0, p.lanes - 1) l(lane)
    cross join lateral (
      select n from queue.batch where pool = p.id and lane = l.lane order by n desc limit 1) b
    cross join lateral (
      select at from queue.batch where pool = p.id and lane = l.lane and n >= b.n / span * span order by n limit 1) first
  )
  select max(n) / span, min(at), count(*) filter (where n / span < (select max(n) / span from lane))
  into top, begun, behind from lane;
  if top is null then return; end if;
  if to_regclass(format('queue.%I', 'batch_' || top + 1)) is null then
    -- Attached, not made as a partition: that would wait for every claim.
    execute format('create table queue.%I (like queue.batch including defaults including constraints)',
                   'batch_' || top + 1);
    execute format('alter table queue.batch attach partition queue.%I for values from (%s) to (%s)',
                   'batch_' || top + 1, (top + 1) * span, (top + 2) * span);
    return next 'made batch_' || top + 1;
  end if;
  if behind = 0 then
    if begun > clock_timestamp() - stay then return; end if;
    for old in
      select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'queue.batch'::regclass and c.relname ~ '^batch_[0-9]+$'
        and substr(c.relname, 7)::bigint < top
    loop
      begin
        execute format('alter table queue.batch detach partition queue.%I', old.name);
        execute format('drop table queue.%I', old.name);
        return next 'dropped ' || old.name;
      exception when lock_not_available then
        raise warning '% is in use and was not dropped', old.name;
      end;
    end loop;
    top := top + 1;
  end if;
  for place in select p.id as pool, l.lane::smallint as lane
               from queue.pool p cross join lateral generate_series(0, p.lanes - 1) l(lane) loop
    continue when not pg_try_advisory_xact_lock(place.pool, place.lane);
    insert into queue.batch (pool, lane, n, low, high, xid, seq, count)
    select c.pool, c.lane, r.n, c.low, c.high, c.xid, c.seq, 0
    from (select * from queue.batch b where b.pool = place.pool and b.lane = place.lane order by b.n desc limit 1) c
    cross join lateral (values (c.n + 1), (top * span)) r(n)
    where c.n < top * span - 1;
    if found then moved := moved + 1; end if;
  end loop;
  if moved > 0 then return next format('moved %s lanes to batch_%s', moved, top); end if;
end $$;

-- Takes away what ended holds have left behind. Off the hot path: an hour's few rows.
create function queue.sweep() returns setof text language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare gone bigint;
begin
  delete from queue.parked p where not exists (select from queue.hold h where h.id = p.hold);
  get diagnostics gone = row_count;
  if gone > 0 then return next gone || ' rows of ended holds'; end if;
  delete from queue.idempotency_stray s where s.day + 7 < (clock_timestamp() at time zone 'UTC')::date;
  get diagnostics gone = row_count;
  if gone > 0 then return next gone || ' stray keys'; end if;
end $$;

revoke all on function queue.rotate_batches(interval, bigint), queue.sweep() from public;
grant execute on function queue.rotate_batches(interval, bigint), queue.sweep() to kabinet_workers;

-- Which command a lane has begun with, while its process is young: one row a lane. A rule that traps ends its process, and
-- would end every one after it; when the same command was begun with by so many processes that did not live to complete
-- it, it is put aside like one that failed.
create table queue.attempt (
  pool smallint not null,
  lane smallint not null,
  command uuid not null,
  boot uuid not null,                              -- the process
  losses int not null default 0,                   -- processes before it that ended with this command
  primary key (pool, lane)
) with (fillfactor = 50);
grant select, insert, update on queue.attempt to kabinet_workers;
grant select on queue.attempt to kabinet_operator;
