-- The accounts of a batch. $1 organizations text[], $2 stripped numbers text[]
-- Rows: organization, stripped, id, number, company, closed_on, zone (of the house; null = the organization's)
select a.organization, a.stripped, a.id, a.number, a.company, a.closed_on, h.time_zone
from unnest($1::text[], $2::text[]) u(organization, stripped)
join facts.account a on a.organization = u.organization and a.stripped = u.stripped
left join facts.house h on h.organization = a.organization and h.code = a.house
order by a.id
