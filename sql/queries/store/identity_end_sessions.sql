-- Sessions that end with a change of their person's access. $1 persons int8[], $2 those that stay (hexadecimal) text[],
-- $3 when timestamptz[], $4 why text[]
update access.session s set ended_at = u.at, ended_why = u.why
from unnest($1::int8[], $2::text[], $3::timestamptz[], $4::text[]) u(principal, but, at, why)
where s.principal = any ($1::int8[]) and s.principal = u.principal and s.ended_at is null and s.hash is distinct from decode(u.but, 'hex')
