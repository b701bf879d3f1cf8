-- What a hold has waiting, in order: the single command, or the subject's parked ones. $1 hold int8, $2 limit int8.
-- Rows: n, then the columns of `claim` without held
select p.n, c.id, c.xid, c.seq, c.kind, c.organization, c.subject, c.payload, c.actor, c.channel, c.trace, c.cause,
       c.awaited, c.received_at
-- OFFSET 0 keeps each step a look-up by its key, whatever was there when the plan was made.
from (
  select 0::int8 as n, h.command as id
  from (select command from queue.hold where id = $1::int8 offset 0) h where h.command is not null
  union all
  (select q.n, q.command
   from (select command, position from queue.hold where id = $1::int8 offset 0) h
   cross join lateral (select n, command from queue.parked k where k.hold = $1::int8 and k.n > h.position
                       order by n limit $2::int8) q
   where h.command is null)
) p cross join lateral (select * from queue.command k where k.id = p.id offset 0) c
order by p.n
