-- The next commands of the lane's diff. $1 pool, $2 lane int2, $3 low, $4 high pg_snapshot, $5 xid xid8, $6 seq int8
-- (position), $7 limit int8 (batch size + 1: the row beyond is not processed, it says that the diff goes on).
-- Rows: id, xid, seq, kind, organization, subject, payload, actor, channel, trace, cause, awaited, received_at, held
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
  (select c.* from pg_snapshot_xip($3::pg_snapshot) x cross join lateral (   -- those that were under way at low
      select * from queue.command where pool = $1::int2 and lane = $2::int2 and xid = x
        and seq > case when x = $5::xid8 then $6::int8 else 0 end
      order by seq limit $7::int8) c
   where x >= $5::xid8 and pg_visible_in_snapshot(x, $4::pg_snapshot))
  union all
  (select * from queue.command where pool = $1::int2 and lane = $2::int2     -- those that began after low
     and (xid, seq) > (greatest($5::xid8, pg_snapshot_xmax($3::pg_snapshot)),
                       case when $5::xid8 >= pg_snapshot_xmax($3::pg_snapshot) then $6::int8 else 0 end)
     and xid < pg_snapshot_xmax($4::pg_snapshot) and pg_visible_in_snapshot(xid, $4::pg_snapshot)
   order by xid, seq limit $7::int8)
) u
order by u.xid, u.seq limit $7::int8
