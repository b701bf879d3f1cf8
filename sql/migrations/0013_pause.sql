-- A pool that an operator has paused: its lanes are nobody's until it is resumed. Batches under way end; what is appended
-- meanwhile waits.
create table queue.pause (
  pool smallint primary key references queue.pool,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  why text not null
);
grant select on queue.pause to kabinet_workers, kabinet_ingress;
grant select, insert, delete on queue.pause to kabinet_operator;

-- As before, but of a paused pool there is no cursor.
create or replace function queue.cursor(the_pool smallint, the_lane smallint)
returns table (n bigint, raw_low pg_snapshot, raw_high pg_snapshot, raw_xid xid8, raw_seq bigint,
               low pg_snapshot, high pg_snapshot, xid xid8, seq bigint, clean boolean, due boolean)
language plpgsql volatile as $$
begin
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
