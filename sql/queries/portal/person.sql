-- A person, with contacts and what is switched on. $1 principal int8, $2 time zone text.
-- Rows: login, name, kind, email, email confirmed bool, phone, phone confirmed bool, language, created (local, RFC 3339),
-- password changed (local, RFC 3339), second factor since (local, RFC 3339), recovery codes left int4 (null: no second
-- factor); none or one
select p.login, p.name, p.kind, p.email, p.email_confirmed, p.phone, p.phone_confirmed, p.language,
       views.local(p.created_at, $2::text),
       views.local(p.password_changed_at, $2::text),
       views.local(p.second_factor_at, $2::text),
       p.recovery_left
from views.person p
where p.id = $1::int8
