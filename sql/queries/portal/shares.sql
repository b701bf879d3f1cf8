-- Who else uses an account, or is invited to. $1 account int8, $2 owner int8, $3 time zone text.
-- Rows: id, email, rights text[], accepted bool, invited (local), expires (local)
select id, email, rights, accepted, to_char(invited_at at time zone $3::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(expires_at at time zone $3::text, 'YYYY-MM-DD"T"HH24:MI:SS')
from views.share
where account = $1::int8 and owner = $2::int8
order by invited_at, id
