-- The codes that count. $1 organizations, $2 purposes, $3 subjects text[]
-- Rows: organization, purpose, subject, id, phone, hash, sent_at, expires_at, attempts
select c.organization, c.purpose, c.subject, c.id, c.phone, c.hash, c.sent_at, c.expires_at, c.attempts
from unnest($1::text[], $2::text[], $3::text[]) u(organization, purpose, subject)
cross join lateral (select * from identity.code k where k.organization = u.organization and k.purpose = u.purpose
                      and k.subject = u.subject and k.ended_at is null offset 0) c
