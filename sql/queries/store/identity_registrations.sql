-- Registrations by id, and those of a login that are not ended. $1 ids uuid[], $2 organizations, $3 logins text[]
-- Rows: id, organization, kind, login, account, email, phone, hash, way, language, terms_version, channel, agent, address,
-- began_at, expires_at, ended_at, ended_why, terms_hash (hexadecimal), browser
select r.id, r.organization, r.kind, r.login, r.account, r.email, r.phone, r.hash, r.way, r.language, r.terms_version,
       r.channel, r.agent, r.address, r.began_at, r.expires_at, r.ended_at, r.ended_why, encode(r.terms_hash, 'hex'),
       r.browser
from unnest($1::uuid[]) u(id)
cross join lateral (select * from identity.registration k where k.id = u.id offset 0) r
union all
select r.id, r.organization, r.kind, r.login, r.account, r.email, r.phone, r.hash, r.way, r.language, r.terms_version,
       r.channel, r.agent, r.address, r.began_at, r.expires_at, r.ended_at, r.ended_why, encode(r.terms_hash, 'hex'),
       r.browser
from unnest($2::text[], $3::text[]) u(organization, login)
cross join lateral (select * from identity.registration k
                    where k.organization = u.organization and k.login = u.login and k.ended_at is null offset 0) r
