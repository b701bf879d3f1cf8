-- What the statements of hot paths need to cost the same, however much is there.

-- A lane asks at every step, and the slow poll for every lane, whether a hold is due. By its time that is one look-up; by
-- the lane alone it read all that wait (measured with 300 holds in each of 64 lanes: 21,800 blocks a poll).
create index hold_next on queue.hold (pool, lane, next_at) where state = 'waiting';
drop index queue.hold_waiting;

-- As before, but that look-up needs a time that stands still: clock_timestamp() is no condition of an index, and all holds
-- of the lane would be read.
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
                     and h.next_at <= statement_timestamp())
    from queue.batch b where b.pool = the_pool and b.lane = the_lane order by b.n desc limit 1;
end $$;

-- Pages look up by keys too: as for lanes and the door, a plan made while a table was empty must not be a scan of it.
do $$
declare setting text;
begin
  foreach setting in array array['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin'] loop
    execute format('alter role kabinet_portal set %I = off', setting);
  end loop;
end $$;
alter role kabinet_portal set plan_cache_mode = force_generic_plan;

-- A worker that was killed in the middle of a statement leaves its transaction, and with it its lane, to a server process
-- that would notice only at the statement's end. Servers that cannot look (not on Linux) refuse the setting.
do $$ begin
  alter role kabinet_workers set client_connection_check_interval = '500ms';
exception when invalid_parameter_value then null;
end $$;
