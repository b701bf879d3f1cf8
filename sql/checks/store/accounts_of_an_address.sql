-- No address owns more accounts than its organization allows (SF-041).
select p.organization, p.email_key as address, count(distinct a.account) as found,
       (o.profile->'identity'->'attach'->>'most_per_email')::int as most
from access.principal p
join access.attachment a on a.principal = p.id and a.owner
join access.organization o on o.code = p.organization
where p.email_key is not null
group by p.organization, p.email_key, o.profile
having count(distinct a.account) > (o.profile->'identity'->'attach'->>'most_per_email')::int
