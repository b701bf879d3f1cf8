-- A person. $1 organization text, $2 id int8, $3 houses text[] (null: all), $4 time zone text. Times are local.
-- Rows: id, login, kind, name, email (may be null), its confirmation (may be null), phone (may be null), its confirmation (may
-- be null), created, last seen (may be null), open sessions int8, second factor bool, all accounts are in these houses bool
select p.id, p.login, p.kind, p.name, p.email,
       to_char(p.email_confirmed_at at time zone $4::text, 'YYYY-MM-DD"T"HH24:MI:SS'), p.phone,
       to_char(p.phone_confirmed_at at time zone $4::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(p.created_at at time zone $4::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(p.seen_at at time zone $4::text, 'YYYY-MM-DD"T"HH24:MI:SS'), p.sessions, p.second_factor,
       $3::text[] is null or (
         exists (select from views.operator_attachment t where t.principal = p.id)
         and not exists (
           select from views.operator_attachment t join views.operator_account a on a.id = t.account
           where t.principal = p.id and coalesce(a.house <> all ($3::text[]), true)))
from views.operator_person p
where p.organization = $1::text and p.id = $2::int8
  and ($3::text[] is null or exists (
    select from views.operator_attachment t join views.operator_account a on a.id = t.account
    where t.principal = p.id and a.house = any ($3::text[])))
