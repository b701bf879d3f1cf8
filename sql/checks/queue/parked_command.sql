-- What waits in a hold is there, belongs to the held subject, and lies behind its lane's cursor (else the lane would decide
-- it too). Rows: hold, n, command
select p.hold, p.n, p.command
from queue.hold h join queue.parked p on p.hold = h.id and p.n > h.position left join queue.command c on c.id = p.command
where (c.pool, c.subject) is distinct from (h.pool, h.subject)
   or not queue.passed(c.pool, c.lane, c.xid, c.seq)
union all
select h.id, null, h.command
from queue.hold h join queue.command c on c.id = h.command
where not queue.passed(c.pool, c.lane, c.xid, c.seq)
