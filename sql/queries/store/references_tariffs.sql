-- Dated rows of an organization, eldest first. $1 organization text
-- Rows: kind, company, house, valid_from, register, zones, up_to, price
select kind, company, house, valid_from, register, zones, up_to, price
from facts.tariff where organization = $1::text order by n
