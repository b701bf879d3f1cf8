-- Persons by login or address. $1 organization text, $2 logins text[], $3 address in lower case text (null: none),
-- $4 houses text[] (null: all), $5 limit int4. Rows: id, login, kind, name, email (may be null)
select p.id, p.login, p.kind, p.name, p.email
from (select k.id, k.login, k.kind, k.name, k.email
      from unnest($2::text[]) u(login)
      cross join lateral (select id, login, kind, name, email from views.operator_person k
                          where k.organization = $1::text and k.login = u.login offset 0) k
      union
      (select id, login, kind, name, email from views.operator_person
       where organization = $1::text and email_key = $3::text offset 0)) p
where $4::text[] is null or exists (
  select from (select account from views.operator_attachment k where k.principal = p.id offset 0) t
  cross join lateral (select house from views.operator_account k where k.id = t.account offset 0) a
  where a.house = any ($4::text[]))
order by p.login limit $5::int4
