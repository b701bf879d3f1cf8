-- Links that take a consent back, one of each account for ever. $1 hashes text[] (hexadecimal), $2 organization text,
-- $3 accounts int8[], $4 the purpose of the consent text, $5 at timestamptz
insert into identity.link (hash, organization, purpose, subject, value, made_at)
select decode(u.hash, 'hex'), $2::text, 'unsubscribe', u.account::text, $4::text, $5::timestamptz
from unnest($1::text[], $3::int8[]) u(hash, account)
order by u.hash
on conflict (hash) do nothing
