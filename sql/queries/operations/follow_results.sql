-- What the commands that follow from one came to. $1 cause uuid, $2 first id to look at uuid, $3 kind text. Rows: result
select e.body
from queue.command c
cross join lateral (select k.body from queue.exception k where k.command = c.id and k.kind = 'result' limit 1) e
where c.id >= $2::uuid and c.cause = $1::uuid and c.kind = $3::text
