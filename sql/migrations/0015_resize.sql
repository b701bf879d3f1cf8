-- `kabinet queue resize`: another number of lanes for a pool, while the door goes on taking commands. Every lane of a subject
-- is hash(subject) mod lanes, so whoever appends must use the number in force, and the commands placed by the old number
-- must be decided before those placed by the new one. How that is had, and why it is right:
--
--   The map's number. A pool map (which kinds go where, how many lanes) has a number: the id of the newest row of queue.resize
--   that it was read with, 0 before the first. Who appends says the number of his map in the setting `queue.map` of his
--   transaction. A statement trigger on queue.command, fired once for each INSERT or COPY whoever sends it, takes the fence
--   (an advisory lock, shared, until the end of the transaction), and then, in a later statement and so with a later snapshot,
--   compares the number with the newest. A flush with an old map fails as a whole and is placed anew.
--
--   The cut. queue.begin_resize takes the fence exclusively, then a snapshot: the cut; it writes the cut and the new number
--   of lanes in one transaction. Then a command was placed by the old number if and only if the cut sees it:
--     =>  Its transaction held the fence when it compared, and saw the old number. It did not get the fence after our commit,
--         else its later snapshot had seen the new number. So it had it before us and gave it back before we got it, which
--         PostgreSQL does after a commit has become visible. The cut was taken later, so it sees it.
--     <=  A transaction that saw the new number was still open when we committed, hence when the cut was taken. The cut does
--         not see it, whatever its xid (a batch that appends follow-ups may have got its own long before).
--
--   The drain. While the resize is open, a lane that would open a diff opens it only up to the cut (queue.cursor). A diff that
--   was open before, or was opened by whoever did not see the resize, ends at a snapshot that does not see it either, and so
--   sees no command placed by the new number: whoever placed one had seen the resize committed. So until the resize ends,
--   no lane decides a command placed by the new number.
--
--   The end. queue.end_resizes ends a resize when no command that the cut sees lies before its lane's cursor. None can come
--   any more, so what is found once stays so. Some may stand behind a failure: their holds, waiting or abandoned, move to
--   the lane that their subject has now, in the same transaction, which owns every lane of the pool (their locks, and
--   their next n: a lane that knew a hold where it was cannot commit). So what comes after parks behind them.
--
--   Order, then. Of two commands of a subject, both placed by one number: as ever. The first by the old, the second by the
--   new: the second is not claimed before the end, when the first is decided or the second parks behind it. The first by
--   the new, the second by the old: cannot be, since the second would have begun after the first was committed, and had
--   seen the new number. Overlapping: the old one was committed first, and goes first.
--
--   Lanes are only ever added: a lane that new commands do not reach any more keeps its cursor, which says for good what of
--   its commands is decided.

alter table queue.pool add column lanes_ever smallint;   -- the most it has had: these have cursors and are looked after
update queue.pool set lanes_ever = lanes;
alter table queue.pool alter column lanes_ever set not null, add check (lanes_ever >= lanes);

create table queue.resize (
  id bigint primary key generated always as identity,
  pool smallint not null references queue.pool,
  lanes_before smallint not null,
  lanes smallint not null,
  cut pg_snapshot not null,
  actor text not null,
  why text not null,
  begun_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz                             -- null: what the cut sees is still being decided
);
create unique index resize_open on queue.resize (pool) where ended_at is null;
grant select on queue.resize to kabinet_ingress, kabinet_workers, kabinet_operator;

-- The lane of a subject, taken as unsigned: as PoolMap places it.
create function queue.lane(subject bigint, lanes int) returns smallint language sql immutable
return ((subject % lanes
         + case when subject < 0 then lanes + (9223372036854775807 % lanes * 2 + 2) % lanes else 0 end) % lanes)::smallint;

-- Whether the snapshot `later` sees all that `earlier` sees.
create function queue.covers(later pg_snapshot, earlier pg_snapshot) returns boolean language sql immutable
return pg_snapshot_xmax(later) >= pg_snapshot_xmax(earlier)
       and not exists (select from pg_snapshot_xip(later) x where pg_visible_in_snapshot(x, earlier));

-- Of the whole database; the key space of two numbers belongs to the lanes. It is 'resize' in ASCII.
create function queue.fence() returns bigint language sql immutable return x'726573697a65'::bigint;

create function queue.check_map() returns trigger language plpgsql volatile as $$
begin
  -- A snapshot from before the fence would compare with a number that may be old.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'commands are appended in READ COMMITTED' using errcode = 'KB002';
  end if;
  perform pg_advisory_xact_lock_shared(queue.fence());
  if coalesce(nullif(current_setting('queue.map', true), ''), '0')::bigint
     <> (select coalesce(max(r.id), 0) from queue.resize r) then
    raise exception 'the number of lanes has changed: the pool map must be read again' using errcode = 'KB003';
  end if;
  return null;
end $$;
-- After the rows and not before them: then the fence is held from here to the commit only.
create trigger check_map after insert on queue.command for each statement execute function queue.check_map();

-- Makes a resize. Returns nothing when the pool is not there, has these lanes already, or has a resize open. It is to be
-- the only statement of its transaction that takes long: all appends wait behind it.
create function queue.begin_resize(the_pool text, the_lanes smallint, the_actor text, the_why text)
returns table (resize bigint, pool smallint, lanes_before smallint) language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp set lock_timeout = '500ms' as $$
declare
  p record;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'a resize is begun in READ COMMITTED' using errcode = 'KB002';
  end if;
  perform pg_advisory_xact_lock(queue.fence());
  select q.id, q.lanes, q.lanes_ever into p from queue.pool q
  where q.name = the_pool and q.lanes <> the_lanes
    and not exists (select from queue.resize r where r.pool = q.id and r.ended_at is null)
  for update;
  if not found then return; end if;
  insert into queue.resize (pool, lanes_before, lanes, cut, actor, why)
  values (p.id, p.lanes, the_lanes, pg_current_snapshot(), the_actor, the_why) returning id into resize;
  update queue.pool q set lanes = the_lanes, lanes_ever = greatest(q.lanes_ever, the_lanes) where q.id = p.id;
  -- Lanes that never were: nothing lies in them that could be seen.
  insert into queue.batch (pool, lane, n, low, high, count)
  select p.id, l, 0, '3:3:', '3:3:', 0 from generate_series(p.lanes_ever, the_lanes - 1) l;
  perform pg_notify('queue_resized', p.id::text);
  pool := p.id;
  lanes_before := p.lanes;
  return next;
end $$;

-- Ends the resizes whose commands before the cut have left their lanes. Returns of each pool how many lanes are to be looked
-- after, and in how many of them there may be commands to decide. Called once a second by every process of workers, and by who waits for a resize: whoever it was that began one, it
-- comes to its end.
create function queue.end_resizes() returns table (pool smallint, lanes smallint, used smallint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set lock_timeout = '200ms' as $$
declare
  r record;
begin
  for r in
    select o.id, o.pool, o.cut, p.lanes, p.lanes_ever from queue.resize o join queue.pool p on p.id = o.pool
    where o.ended_at is null for update of o skip locked
  loop
    continue when exists (
      select from queue.waiting w
      where w.pool = r.pool and w.xid < pg_snapshot_xmax(r.cut) and pg_visible_in_snapshot(w.xid, r.cut));
    begin
      -- As owner of every lane: a batch under way (a retry of what is held) ends first.
      perform pg_advisory_xact_lock(r.pool, l) from generate_series(0, r.lanes_ever - 1) l;
      insert into queue.batch (pool, lane, n, low, high, xid, seq, count)
      select b.pool, b.lane, b.n + 1, b.low, b.high, b.xid, b.seq, 0
      from generate_series(0, r.lanes_ever - 1) l cross join lateral (
        select * from queue.batch c where c.pool = r.pool and c.lane = l.l order by c.n desc limit 1) b;
      update queue.hold h set lane = queue.lane(h.subject, r.lanes)
      where h.pool = r.pool and h.lane <> queue.lane(h.subject, r.lanes);
      update queue.resize o set ended_at = clock_timestamp() where o.id = r.id;
      perform pg_notify('queue_append', r.pool || ':' || repeat('f', (r.lanes_ever + 3) / 4));
      perform pg_notify('queue_resized', r.pool::text);
    exception when lock_not_available or unique_violation then null;   -- a lane is busy: at the next call
    end;
  end loop;
  return query
    select p.id, p.lanes_ever,
           case when exists (select from queue.resize o where o.pool = p.id and o.ended_at is null) then p.lanes_ever
                else p.lanes end
    from queue.pool p;
end $$;

revoke all on function queue.begin_resize(text, smallint, text, text), queue.end_resizes() from public;
grant execute on function queue.begin_resize(text, smallint, text, text) to kabinet_operator;
grant execute on function queue.end_resizes() to kabinet_workers, kabinet_operator;

-- As before, but while the pool is resized no diff is opened beyond the cut.
create or replace function queue.cursor(the_pool smallint, the_lane smallint)
returns table (n bigint, raw_low pg_snapshot, raw_high pg_snapshot, raw_xid xid8, raw_seq bigint,
               low pg_snapshot, high pg_snapshot, xid xid8, seq bigint, clean boolean, due boolean)
language plpgsql volatile as $$
begin
  if exists (select from queue.pause p where p.pool = the_pool) then return; end if;
  if not pg_try_advisory_xact_lock(the_pool, the_lane) then return; end if;
  return query
    -- The resize and the snapshot are of one statement: a snapshot that does not see the resize sees nothing placed after it.
    select b.n, b.low, b.high, b.xid, b.seq,
           case when b.xid is null then b.high else b.low end,
           case when b.xid is not null then b.high
                when r.cut is null then pg_current_snapshot()
                when queue.covers(b.high, r.cut) then b.high
                else r.cut end,
           coalesce(b.xid, '0'), coalesce(b.seq, 0),
           pg_current_xact_id_if_assigned() is null,
           exists (select from queue.hold h
                   where h.pool = the_pool and h.lane = the_lane and h.state = 'waiting'
                     and h.next_at <= clock_timestamp())
    from queue.batch b left join queue.resize r on r.pool = the_pool and r.ended_at is null
    where b.pool = the_pool and b.lane = the_lane order by b.n desc limit 1;
end $$;

-- As before, over all lanes that there are.
create or replace view queue.waiting as
select c.id, c.xid, c.seq, c.pool, c.lane, c.kind, c.organization, c.subject, c.received_at
from queue.pool p
cross join generate_series(0, p.lanes_ever - 1) l(lane)
cross join lateral (
  select case when b.xid is null then b.high else b.low end as base, b.high, b.xid,
         coalesce(b.xid, '0') as at_xid, coalesce(b.seq, 0) as at_seq
  from queue.batch b where b.pool = p.id and b.lane = l.lane::int2 order by b.n desc limit 1) b
cross join lateral (
  (select w.* from pg_snapshot_xip(b.base) x join queue.command w
     on w.pool = p.id and w.lane = l.lane::int2 and w.xid = x and (w.xid, w.seq) > (b.at_xid, b.at_seq))
  union all
  (select w.* from queue.command w
   where w.pool = p.id and w.lane = l.lane::int2 and w.xid >= pg_snapshot_xmax(b.base)
     and (w.xid, w.seq) > (b.at_xid, b.at_seq))
  union all
  (select w.* from pg_snapshot_xip(b.high) x join queue.command w
     on w.pool = p.id and w.lane = l.lane::int2 and w.xid = x and (w.xid, w.seq) <= (b.at_xid, b.at_seq)
   where b.xid is not null)) c;

-- Lanes that have done their part of an open resize: nobody is to blame that they stand.
create view queue.drained as
select r.pool, l.lane::smallint as lane
from queue.resize r join queue.pool p on p.id = r.pool cross join generate_series(0, p.lanes_ever - 1) l(lane)
where r.ended_at is null
  and not exists (select from queue.waiting w
                  where w.pool = r.pool and w.lane = l.lane and w.xid < pg_snapshot_xmax(r.cut)
                    and pg_visible_in_snapshot(w.xid, r.cut));
grant select on queue.drained to kabinet_operator, kabinet_workers;

-- As before, over all lanes that there are: a lane without a cursor would tell its old commands as waiting.
create or replace function queue.rotate_batches(stay interval default interval '7 days', span bigint default 1000000000)
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
    from queue.pool p cross join lateral generate_series(0, p.lanes_ever - 1) l(lane)
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
               from queue.pool p cross join lateral generate_series(0, p.lanes_ever - 1) l(lane) loop
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

-- As before; and open resizes end here, for a cut means nothing on another server: what waits is placed by the number in force.
create or replace function queue.rebase() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me xid8;
  waiting uuid[];
begin
  perform pg_advisory_xact_lock(queue.fence());
  lock table queue.command, queue.batch in access exclusive mode;
  select coalesce(array_agg(c.id), '{}') into waiting from queue.command c
  where not queue.passed(c.pool, c.lane, c.xid, c.seq);
  me := pg_current_xact_id();
  -- 3 is the first ordinary transaction id: every snapshot sees it.
  update queue.command c
  set xid = case when c.id = any (waiting) then me else '3'::xid8 end,
      lane = case when c.id = any (waiting) then queue.lane(c.subject, p.lanes) else c.lane end
  from queue.pool p where p.id = c.pool;
  insert into queue.batch (pool, lane, n, low, high, count)
  select b.pool, b.lane, max(b.n) + 1, (me::text || ':' || me::text || ':')::pg_snapshot,
         (me::text || ':' || me::text || ':')::pg_snapshot, 0
  from queue.batch b group by b.pool, b.lane;
  update queue.hold h set lane = queue.lane(h.subject, p.lanes) from queue.pool p
  where p.id = h.pool and h.lane <> queue.lane(h.subject, p.lanes);
  update queue.resize r set cut = (me::text || ':' || me::text || ':')::pg_snapshot,
    ended_at = coalesce(r.ended_at, clock_timestamp());
  update queue.origin set system_identifier = (select s.system_identifier from pg_control_system() s);
  return cardinality(waiting);
end $$;

-- What an error is about, whichever command it met: numbers, ids and what stands in quotes are masked.
create function queue.cause(error text) returns text language sql immutable parallel safe
return regexp_replace(left(error, 300),
  '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|"[^"]*"|''[^'']*''|«[^»]*»|[0-9]+', '…', 'g');

-- By how many lanes an import's rows were cut: their order is kept by it, whatever the pool has now. Null: before this.
alter table operations.import_job add column lanes smallint;
