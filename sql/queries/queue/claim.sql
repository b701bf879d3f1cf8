-- The next commands of the lane's diff, from the cursor that this transaction's `queue/cursor` left: none, when it found none.
-- A statement of its own, because only its snapshot sees all that the cursor's does.
-- $1 pool, $2 lane int2, $3 limit int8 (batch size + 1: the row beyond is not processed, it says that the diff goes on).
-- Rows: id, xid, seq, kind, organization, subject, payload, actor, channel, trace, cause, awaited, received_at, held
with k as materialized (
  select v[1]::pg_snapshot as low, v[2]::pg_snapshot as high, v[3]::xid8 as xid, v[4]::int8 as seq
  from string_to_array(nullif(current_setting('kabinet.cursor', true), ''), ' ') v)
select u.id, u.xid, u.seq, u.kind, u.organization, u.subject, u.payload, u.actor, u.channel, u.trace, u.cause,
       u.awaited, u.received_at,
       -- Who is held in the lane is read once a claim, into a hash. A look-up for each row cost more than the rows
       -- themselves as soon as the lane held one subject.
       case when u.subject in (select h.subject from queue.hold h
                               where h.pool = $1::int2 and h.lane = $2::int2 and h.command is null)
            then (select h.id from queue.hold h
                  where h.pool = u.pool and h.lane = u.lane and h.subject = u.subject and h.command is null)
       end as held
from (
  (select c.* from pg_snapshot_xip((select low from k)) x cross join lateral (   -- those that were under way at low
      select * from queue.command where pool = $1::int2 and lane = $2::int2 and xid = x
        and seq > case when x = (select xid from k) then (select seq from k) else 0 end
      order by seq limit $3::int8) c
   where x >= (select xid from k) and pg_visible_in_snapshot(x, (select high from k)))
  union all
  (select * from queue.command where pool = $1::int2 and lane = $2::int2     -- those that began after low
     and (xid, seq) > ((select greatest(xid, pg_snapshot_xmax(low)) from k),
                       (select case when xid >= pg_snapshot_xmax(low) then seq else 0 end from k))
     and xid < (select pg_snapshot_xmax(high) from k) and pg_visible_in_snapshot(xid, (select high from k))
   order by xid, seq limit $3::int8)
) u
order by u.xid, u.seq limit $3::int8
