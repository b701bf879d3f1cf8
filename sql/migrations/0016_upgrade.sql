-- Two releases side by side. A session says in the setting kabinet.schema which schema its release was built for; once a
-- breaking migration is applied, a release that does not know what it needs writes nothing more. And what running workers
-- know (kinds of commands, keys that open sealed payloads) is said by locks of their sessions, which end with them however
-- they end.

-- Ends the transaction of a release that the schema has left behind. VOLATILE: the migration's row is read after the lock on
-- its table was got, and `kabinet migrate` takes that table for itself before it breaks anything. So whoever was admitted
-- has committed before the schema breaks, and whoever comes later is refused.
create function kabinet.admit() returns void language plpgsql volatile as $$
declare
  known int := coalesce(nullif(current_setting('kabinet.schema', true), '')::int, 0);
  breaking record;
begin
  select m.name, m.needs, m.why into breaking from kabinet.migration m where m.needs > known order by m.needs desc limit 1;
  if found then
    raise exception using errcode = 'KB001', message = format(
      'the schema needs a release that knows migration %s, this one knows %s (%s: %s)',
      breaking.needs, known, breaking.name, breaking.why);
  end if;
end $$;
grant usage on schema kabinet to kabinet_ingress, kabinet_workers, kabinet_operator;
grant select on kabinet.migration to kabinet_ingress, kabinet_workers, kabinet_operator;

-- Appending: the door's flushes, follow-ups, operators' commands.
create function queue.admit() returns trigger language plpgsql as $$
begin
  perform kabinet.admit();
  return null;
end $$;
create trigger admit before insert on queue.command for each statement execute function queue.admit();

-- As before, but first it asks whether this release may. All that changes a lane begins here.
create or replace function queue.cursor(the_pool smallint, the_lane smallint)
returns table (n bigint, raw_low pg_snapshot, raw_high pg_snapshot, raw_xid xid8, raw_seq bigint,
               low pg_snapshot, high pg_snapshot, xid xid8, seq bigint, clean boolean, due boolean)
language plpgsql volatile as $$
begin
  perform kabinet.admit();
  if exists (select from queue.pause p where p.pool = the_pool) then return; end if;
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

-- The shared advisory lock by which a session says that its process knows a word: `workers`, `kind reading.submit`,
-- `key 0123456789abcdef`. One number: the two-number locks are those of the lanes.
create function queue.word(the_word text) returns bigint language sql immutable
return hashtextextended('kabinet ' || the_word, 0);

-- The words that sessions of running workers know. Of a lock of one number pg_locks tells the two halves.
create view queue.known as
select distinct l.pid, (l.classid::int8 << 32) | l.objid::int8 as word
from pg_locks l
where l.locktype = 'advisory' and l.objsubid = 1 and l.mode = 'ShareLock' and l.granted
  and l.database = (select d.oid from pg_database d where d.datname = current_database());

-- Lanes, and retries, whose next command is of a kind that no running workers know: they wait for workers that do. Empty
-- while no workers run that say what they know.
create view queue.unknown as
select n.pool, n.lane, n.id, n.kind
from (
  select p.id as pool, l.lane::int2 as lane, w.id, w.kind
  from queue.pool p
  cross join generate_series(0, p.lanes_ever - 1) l(lane)
  -- The lane's next one is among the first that an index gives.
  cross join lateral (
    select f.id, f.kind from (
      select w.id, w.kind, w.xid, w.seq from queue.waiting w where w.pool = p.id and w.lane = l.lane::int2 limit 1000) f
    order by f.xid, f.seq limit 1) w
  union all
  select h.pool, h.lane, c.id, c.kind
  from queue.hold h
  cross join lateral (
    select coalesce(h.command, (select q.command from queue.parked q where q.hold = h.id and q.n > h.position
                                order by q.n limit 1)) as id) next
  join queue.command c on c.id = next.id
  where h.state = 'waiting' and h.next_at <= clock_timestamp()) n
where queue.word('workers') in (select k.word from queue.known k)
  and queue.word('any kind') not in (select k.word from queue.known k)
  and queue.word('kind ' || n.kind) not in (select k.word from queue.known k);

grant select on queue.known, queue.unknown to kabinet_operator, kabinet_workers;

-- Public halves of the keys to which secrets of commands are sealed; the secret halves stay with the workers, in a file. The
-- newest seals; earlier ones are needed for as long as commands live that were sealed to them.
create table access.sealing_key (
  id text primary key check (id ~ '^[0-9a-f]{16}$'),
  public bytea not null check (length(public) = 32),
  since timestamptz not null default clock_timestamp(),
  published_by text not null
);
grant select on access.sealing_key to kabinet_ingress, kabinet_operator;
grant insert on access.sealing_key to kabinet_operator;
