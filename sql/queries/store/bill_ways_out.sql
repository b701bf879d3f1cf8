-- Links that take a person's consent for an account back, one of each for ever. $1 hashes text[] (hexadecimal),
-- $2 organization text, $3 accounts int8[], $4 persons int8[], $5 the purpose of the consent text, $6 at timestamptz
insert into identity.link (hash, organization, purpose, subject, value, made_at)
select decode(u.hash, 'hex'), $2::text, 'unsubscribe', u.account || ':' || u.principal, $5::text, $6::timestamptz
from unnest($1::text[], $3::int8[], $4::int8[]) u(hash, account, principal)
order by u.hash
on conflict (hash) do nothing
