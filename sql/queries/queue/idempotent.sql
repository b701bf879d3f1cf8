-- Who holds these keys now. $1 keys bytea[], $2 days date[]. Rows: o (position from 1), command, digest
select u.o, i.command, i.digest
from unnest($1::bytea[]) with ordinality u(key, o)
join queue.idempotency i on i.key = u.key and i.day = any ($2::date[])
