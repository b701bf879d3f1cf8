-- A person. $1 organization text, $2 id int8, $3 houses text[] (null: all), $4 time zone text. Times are local.
-- Rows: id, login, kind, name, email (may be null), its confirmation (may be null), phone (may be null), its confirmation (may
-- be null), created, last seen (may be null), open sessions int8, second factor bool, all accounts are in these houses bool
select p.id, p.login, p.kind, p.name, p.email,
       to_char(p.email_confirmed_at at time zone $4::text, 'YYYY-MM-DD"T"HH24:MI:SS'), p.phone,
       to_char(p.phone_confirmed_at at time zone $4::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(p.created_at at time zone $4::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(p.seen_at at time zone $4::text, 'YYYY-MM-DD"T"HH24:MI:SS'), p.sessions, p.second_factor,
       $3::text[] is null or h.some and h.every
from (select * from views.operator_person where id = $2::int8 offset 0) p
cross join lateral (
  select coalesce(bool_or(a.house = any ($3::text[])), false) as some,
         coalesce(bool_and(coalesce(a.house = any ($3::text[]), false)), false) as every
  from (select account from views.operator_attachment k where k.principal = p.id offset 0) t
  cross join lateral (select house from views.operator_account k where k.id = t.account offset 0) a) h
where p.organization = $1::text and ($3::text[] is null or h.some)
