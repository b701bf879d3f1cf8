-- The accounts of persons. $1 persons int8[]. Rows: principal, account, number, name, rights text[], owner, attached_at
select a.principal, a.account, a.number, a.name, a.rights, a.owner, a.attached_at
from unnest($1::int8[]) u(principal)
cross join lateral (select * from access.attachment k where k.principal = u.principal offset 0) a
order by a.principal, a.attached_at, a.account
