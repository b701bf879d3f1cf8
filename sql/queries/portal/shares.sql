-- Who else uses an account, or is invited to. $1 account int8, $2 owner int8, $3 time zone text.
-- Rows: id, email, rights text[], accepted bool, invited (local, RFC 3339), expires (local, RFC 3339), taken_by (may be null)
select id, email, rights, accepted, views.local(invited_at, $3::text),
       views.local(expires_at, $3::text), taken_by
from views.share
where account = $1::int8 and owner = $2::int8
order by invited_at, id
