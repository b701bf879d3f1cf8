-- Who uses an account. $1 account int8.
-- Rows: id, login, kind, name, email (may be null), owner bool, rights text[]
select p.id, p.login, p.kind, p.name, p.email, t.owner, t.rights
from (select principal, owner, rights from views.operator_attachment where account = $1::int8 offset 0) t
cross join lateral (select id, login, kind, name, email from views.operator_person k where k.id = t.principal offset 0) p
order by t.owner desc, p.login
