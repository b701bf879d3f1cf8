-- Who uses an account. $1 account int8.
-- Rows: id, login, kind, name, email (may be null), owner bool, rights text[]
select p.id, p.login, p.kind, p.name, p.email, t.owner, t.rights
from views.operator_attachment t join views.operator_person p on p.id = t.principal
where t.account = $1::int8 order by t.owner desc, p.login
