-- The cursor is left for the claim behind it, so that both are asked in one round trip: on a busy machine each costs a wait
-- for the processor (measured: 0.7 ms). It is local to the transaction.
create or replace function queue.cursor(the_pool smallint, the_lane smallint)
returns table (n bigint, raw_low pg_snapshot, raw_high pg_snapshot, raw_xid xid8, raw_seq bigint,
               low pg_snapshot, high pg_snapshot, xid xid8, seq bigint, clean boolean, due boolean)
language plpgsql volatile as $$
begin
  perform kabinet.admit();
  perform set_config('kabinet.cursor', '', true);
  if exists (select from queue.pause p where p.pool = the_pool) then return; end if;
  if not pg_try_advisory_xact_lock(the_pool, the_lane) then return; end if;
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
                   and h.next_at <= statement_timestamp())
  into n, raw_low, raw_high, raw_xid, raw_seq, low, high, xid, seq, clean, due
  from queue.batch b left join queue.resize r on r.pool = the_pool and r.ended_at is null
  where b.pool = the_pool and b.lane = the_lane order by b.n desc limit 1;
  if not found then return; end if;
  perform set_config('kabinet.cursor', format('%s %s %s %s', low, high, xid, seq), true);
  return next;
end $$;
