-- Persons by login or address. $1 organization text, $2 logins text[], $3 address in lower case text (null: none),
-- $4 houses text[] (null: all), $5 limit int4. Rows: id, login, kind, name, email (may be null)
select p.id, p.login, p.kind, p.name, p.email
from views.operator_person p
where p.organization = $1::text and (p.login = any ($2::text[]) or p.email_key = $3::text)
  and ($4::text[] is null or exists (
    select from views.operator_attachment t join views.operator_account a on a.id = t.account
    where t.principal = p.id and a.house = any ($4::text[])))
order by p.login limit $5::int4
