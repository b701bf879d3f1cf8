-- A person, with contacts and what is switched on. $1 principal int8, $2 time zone text.
-- Rows: login, name, kind, email, email confirmed bool, phone, phone confirmed bool, language, created (local),
-- password changed (local), second factor since (local); none or one
select p.login, p.name, p.kind, p.email, p.email_confirmed, p.phone, p.phone_confirmed, p.language,
       to_char(p.created_at at time zone $2::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(p.password_changed_at at time zone $2::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(p.second_factor_at at time zone $2::text, 'YYYY-MM-DD"T"HH24:MI:SS')
from views.person p
where p.id = $1::int8
