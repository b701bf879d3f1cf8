-- Whom a person has invited, the newest, for an export of one's own data. $1 owner int8, $2 time zone text, $3 at most int8.
-- Rows: account number (may be null), email, rights text[], accepted bool, invited, expires (local, RFC 3339), ended (the same, may
-- be null)
select a.number, s.email, s.rights, s.accepted, views.local(s.invited_at, $2::text), views.local(s.expires_at, $2::text),
       views.local(s.ended_at, $2::text)
from (select * from views.invitation k where k.owner = $1::int8 order by k.invited_at desc, k.id limit $3::int8) s
left join lateral (select number from views.account k where k.id = s.account offset 0) a on true
order by s.invited_at, s.id
