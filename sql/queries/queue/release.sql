-- What a hold has waiting, in order: the single command, or the subject's parked ones. $1 hold int8, $2 limit int8.
-- Rows: n, then the columns of `claim` without held
select p.n, c.id, c.xid, c.seq, c.kind, c.organization, c.subject, c.payload, c.actor, c.channel, c.trace, c.cause,
       c.awaited, c.received_at
from (
  select 0::int8 as n, h.command as id from queue.hold h where h.id = $1::int8 and h.command is not null
  union all
  (select q.n, q.command from queue.hold h join queue.parked q on q.hold = h.id and q.n > h.position
   where h.id = $1::int8 and h.command is null order by q.n limit $2::int8)
) p join queue.command c on c.id = p.id
order by p.n
