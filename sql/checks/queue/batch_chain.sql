-- Diffs of a lane follow each other without gap or overlap: a batch goes on in its diff, opens the next one where the last
-- one ended, or (a release) leaves the cursor as it was; or queue.rebase has begun anew, with an empty batch that has seen
-- what was before its transaction. Rows: pool, lane, n
select pool, lane, n
from (
  select pool, lane, n, count, low::text as low, high::text as high, xid, seq, pg_snapshot_xmax(high) as top,
         lag(n) over w as before, lag(low::text) over w as low_before, lag(high::text) over w as high_before,
         lag(xid) over w as xid_before, lag(seq) over w as seq_before, lag(pg_snapshot_xmax(high)) over w as top_before
  from queue.batch window w as (partition by pool, lane order by n)
) b
where before is not null
  and not (low = low_before and high = high_before and xid is not distinct from xid_before
           and seq is not distinct from seq_before)
  and not (xid_before is null and low = high_before and top >= top_before)
  and not (xid_before is not null and low = low_before and high = high_before
           and (xid is null or (xid, seq) > (xid_before, seq_before)))
  and not (count = 0 and xid is null and low = high and low ~ '^([0-9]+):\1:$')
