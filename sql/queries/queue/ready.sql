-- Which lanes of a pool have work: the slow poll behind the notifications, one statement a pool.
-- $1 pool int2, $2 lanes int4. Rows: lane
select l.lane::int4
from generate_series(0, $2::int4 - 1) l(lane)
cross join lateral (
  select low, high, xid from queue.batch
  where pool = $1::int2 and lane = l.lane::int2 order by n desc limit 1) b
where b.xid is not null
   or exists (select from queue.command c
              where c.pool = $1::int2 and c.lane = l.lane::int2 and c.xid >= pg_snapshot_xmax(b.high))
   -- LIMIT keeps this a look-up for each transaction that was under way. Turned round, it read all that the lane ever had
   -- (measured with 3,000,000 commands behind: 600 ms a poll, during which nobody was woken).
   or exists (select from pg_snapshot_xip(b.high) x
              cross join lateral (select from queue.command c
                                  where c.pool = $1::int2 and c.lane = l.lane::int2 and c.xid = x limit 1) c)
   -- Not clock_timestamp(): what is volatile is no condition of an index, and all that wait would be read.
   or exists (select from queue.hold h
              where h.pool = $1::int2 and h.lane = l.lane::int2 and h.state = 'waiting'
                and h.next_at <= statement_timestamp())
