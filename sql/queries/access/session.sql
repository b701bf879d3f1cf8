-- A session by its hash, with the accounts that its person may see. $1 bytea.
-- Rows: organization, principal, login, name, accounts int8[], numbers text[]; none when ended or expired
-- OFFSET 0 keeps each step a look-up by its key, though its plan was made while the tables were empty.
select s.organization, p.id, p.login, p.name,
       coalesce(array_agg(a.account order by a.number) filter (where a.account is not null), '{}'),
       coalesce(array_agg(a.number order by a.number) filter (where a.number is not null), '{}')
from (select organization, principal from access.session
      where hash = $1::bytea and ended_at is null and expires_at > clock.now() offset 0) s
cross join lateral (select id, login, name from access.principal k where k.id = s.principal offset 0) p
left join lateral (select account, number from access.attachment k where k.principal = p.id offset 0) a on true
group by s.organization, p.id, p.login, p.name
