-- Who uses an account. $1 account int8, $2 houses text[] (null: all).
-- Rows: id, login, kind, name, email (may be null), owner bool, rights text[], signs in with its number bool, all accounts are in
-- these houses bool
select p.id, p.login, p.kind, p.name, p.email, t.owner, t.rights, p.account is not distinct from $1::int8,
       $2::text[] is null or h.every
from (select principal, owner, rights from views.operator_attachment where account = $1::int8 offset 0) t
cross join lateral (select id, login, kind, name, email, account from views.operator_person k where k.id = t.principal offset 0) p
cross join lateral (
  select coalesce(bool_and(coalesce(a.house = any ($2::text[]), false)), false) as every
  from (select account from views.operator_attachment k where k.principal = p.id offset 0) o
  cross join lateral (select house from views.operator_account k where k.id = o.account offset 0) a) h
order by t.owner desc, p.login
