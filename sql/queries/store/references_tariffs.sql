-- Dated rows of an organization, eldest first. $1 organization text, $2 houses text[]: rows of others are left out
-- Rows: kind, company, house, valid_from, register, zones, up_to, price
select k.kind, k.company, k.house, k.valid_from, k.register, k.zones, k.up_to, k.price
from (select '' as house union all select unnest($2::text[])) u
cross join lateral (select * from facts.tariff k where k.organization = $1::text and coalesce(k.house, '') = u.house offset 0) k
order by k.n
