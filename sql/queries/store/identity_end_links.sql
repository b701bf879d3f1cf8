-- Links that end with another of the same purpose and subject. $1 organizations, $2 purposes, $3 subjects text[],
-- $4 those that stay (hexadecimal) text[], $5 when timestamptz[]
update identity.link l set used_at = u.at
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) u(organization, purpose, subject, but, at)
where l.subject = any ($3::text[]) and l.organization = u.organization and l.purpose = u.purpose and l.subject = u.subject and l.used_at is null
  and l.hash is distinct from decode(u.but, 'hex')
