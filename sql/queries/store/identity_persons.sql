-- Persons by id, by login, by address, and of accounts (whose login they are, or who has them). $1 ids int8[],
-- $2 organizations, $3 logins text[], $4 organizations, $5 addresses in lower case text[], $6 accounts int8[]
-- Rows: id, organization, kind, login, name, account, email, email_confirmed_at, phone, phone_confirmed_at, language, hash
-- (empty: no password opens anything), changed_at, secret, last_step, enabled_at, recovery (hexadecimal) text[]
select p.id, p.organization, p.kind, p.login, p.name, p.account, p.email, p.email_confirmed_at, p.phone,
       p.phone_confirmed_at, p.language, c.hash, c.changed_at, t.secret, t.last_step, t.enabled_at,
       coalesce((select array_agg(encode(r, 'hex') order by n) from unnest(t.recovery) with ordinality as u(r, n)), '{}')
from (select unnest($1::int8[]) as id
      union
      select k.id from unnest($2::text[], $3::text[]) u(organization, login)
      cross join lateral (select id from access.principal k
                          where k.organization = u.organization and k.login = u.login offset 0) k
      union
      select k.id from unnest($4::text[], $5::text[]) u(organization, email)
      cross join lateral (select id from access.principal k where k.organization = u.organization
                            and k.email_key = u.email and k.kind in ('email', 'login') offset 0) k
      union
      select k.principal from unnest($6::int8[]) u(account)
      cross join lateral (select principal from access.attachment k where k.account = u.account offset 0) k) wanted
cross join lateral (select * from access.principal k where k.id = wanted.id offset 0) p
left join lateral (select * from identity.credential k where k.principal = p.id offset 0) c on true
left join lateral (select * from identity.totp k where k.principal = p.id offset 0) t on true
