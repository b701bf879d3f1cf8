-- How far the commands that follow from one are. $1 cause uuid, $2 first id to look at uuid, $3 kind text.
-- Rows: total, decided, refused, abandoned int8
select count(*), count(*) filter (where s.state not in ('pending', 'parked', 'failed', 'abandoned')),
       count(*) filter (where s.state = 'refused'), count(*) filter (where s.state = 'abandoned')
from queue.command c
cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
where c.id >= $2::uuid and c.cause = $1::uuid and c.kind = $3::text
