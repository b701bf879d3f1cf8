-- A position is whole and lies inside its diff: seen by the later snapshot, not by the earlier. Rows: pool, lane, n
select pool, lane, n from queue.batch
where (xid is null) <> (seq is null)
   or xid is not null and (pg_visible_in_snapshot(xid, low) or not pg_visible_in_snapshot(xid, high))
