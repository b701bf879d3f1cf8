-- Links by what their tokens hash to. $1 hashes bytea[]
-- Rows: hash, organization, purpose, subject, value, made_at, expires_at, used_at
select l.hash, l.organization, l.purpose, l.subject, l.value, l.made_at, l.expires_at, l.used_at
from unnest($1::bytea[]) u(hash)
cross join lateral (select * from identity.link k where k.hash = u.hash offset 0) l
