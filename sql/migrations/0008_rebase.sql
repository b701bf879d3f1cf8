-- After a logical restore the stored snapshots speak of another server's transactions: new commands would look decided and
-- be lost. Re-basing tells, by the stored snapshots alone, what was decided, and makes every cursor start anew from this
-- transaction with exactly the rest before it. It rewrites queue.command, so nothing else may run meanwhile.
create function queue.rebase() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me xid8;
  waiting uuid[];
begin
  lock table queue.command, queue.batch in access exclusive mode;
  select coalesce(array_agg(c.id), '{}') into waiting from queue.command c
  where not queue.passed(c.pool, c.lane, c.xid, c.seq);
  me := pg_current_xact_id();
  -- 3 is the first ordinary transaction id: every snapshot sees it.
  update queue.command c set xid = case when c.id = any (waiting) then me else '3'::xid8 end;
  insert into queue.batch (pool, lane, n, low, high, count)
  select b.pool, b.lane, max(b.n) + 1, (me::text || ':' || me::text || ':')::pg_snapshot,
         (me::text || ':' || me::text || ':')::pg_snapshot, 0
  from queue.batch b group by b.pool, b.lane;
  update queue.origin set system_identifier = (select s.system_identifier from pg_control_system() s);
  return cardinality(waiting);
end $$;
revoke all on function queue.rebase() from public;
grant execute on function queue.rebase() to kabinet_operator;
