-- The newest close of a month that was not refused, as far as its command is kept, among the commands of its pool.
-- $1 organization text, $2 month text. Rows: id, its state
select c.id, s.state
from queue.command c
cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
where c.pool = (select k.pool from queue.kind k where k.kind = 'period.close') and c.kind = 'period.close'
  and c.organization = $1::text and c.payload ->> 'month' = $2::text and s.state not in ('refused', 'discarded')
order by c.id desc limit 1
