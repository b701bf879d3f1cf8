-- The accounts of a batch. $1 organizations text[], $2 stripped numbers text[]
-- Rows: organization, stripped, id, number, company, closed_on, zone (of the house; null = the organization's), house
select u.organization, u.stripped, a.id, a.number, a.company, a.closed_on, h.time_zone, a.house
from unnest($1::text[], $2::text[]) u(organization, stripped)
cross join lateral (select * from facts.account k
                    where k.organization = u.organization and k.stripped = u.stripped offset 0) a
left join lateral (select time_zone from facts.house k
                   where k.organization = a.organization and k.code = a.house offset 0) h on true
order by a.id
