-- A session by its hash, with the accounts that its person may see. $1 bytea.
-- Rows: organization, principal, login, name, accounts int8[], numbers text[]; none when ended or expired
select s.organization, p.id, p.login, p.name,
       coalesce(array_agg(a.account order by a.number) filter (where a.account is not null), '{}'),
       coalesce(array_agg(a.number order by a.number) filter (where a.number is not null), '{}')
from access.session s
join access.principal p on p.id = s.principal
left join access.attachment a on a.principal = p.id
where s.hash = $1::bytea and s.ended_at is null and s.expires_at > clock.now()
group by s.organization, p.id
