-- A session by its hash, with the accounts that its person may see. $1 bytea.
-- Rows: organization, principal, login, name, accounts int8[], numbers text[], kind, id text, seen_at timestamptz,
-- names text[] ('' where none was given), rights text[] (of each account, joined by commas), owned bool as text[]; none when
-- ended, expired, or still waiting for its second factor. Accounts of one's own come first, else as their numbers go.
-- OFFSET 0 keeps each step a look-up by its key, though its plan was made while the tables were empty.
select s.organization, p.id, p.login, p.name,
       coalesce(array_agg(a.account order by a.owner desc, a.number) filter (where a.account is not null), '{}'),
       coalesce(array_agg(a.number order by a.owner desc, a.number) filter (where a.number is not null), '{}'),
       p.kind, coalesce(s.id::text, ''), s.seen_at,
       coalesce(array_agg(coalesce(a.name, '') order by a.owner desc, a.number) filter (where a.number is not null), '{}'),
       coalesce(array_agg(array_to_string(a.rights, ',') order by a.owner desc, a.number) filter (where a.number is not null), '{}'),
       coalesce(array_agg(a.owner::text order by a.owner desc, a.number) filter (where a.number is not null), '{}')
from (select organization, principal, id, coalesce(seen_at, created_at) as seen_at from access.session
      where hash = $1::bytea and ended_at is null and not half and expires_at > clock.now() offset 0) s
cross join lateral (select id, login, name, kind from access.principal k where k.id = s.principal offset 0) p
left join lateral (select account, number, name, rights, owner from access.attachment k
                   where k.principal = p.id offset 0) a on true
group by s.organization, s.id, s.seen_at, p.id, p.login, p.name, p.kind
