-- Passwords as they rest; an empty hash is no password's. $1 rows jsonb
insert into identity.credential (principal, hash, changed_at)
select principal, hash, identity.moment(changed_at)
from jsonb_to_recordset($1::jsonb) r(principal int8, hash text, changed_at int8)
on conflict (principal) do update set hash = excluded.hash, changed_at = excluded.changed_at
