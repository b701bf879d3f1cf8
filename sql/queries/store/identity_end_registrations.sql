-- Registrations that are over. $1 ids uuid[], $2 when timestamptz[], $3 why text[]
update identity.registration r set ended_at = u.ended_at, ended_why = u.why, hash = ''
from unnest($1::uuid[], $2::timestamptz[], $3::text[]) u(id, ended_at, why)
where r.id = any ($1::uuid[]) and r.id = u.id
