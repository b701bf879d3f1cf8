-- Dated rows of an organization, eldest first. $1 organization text
-- Rows: kind, company, house, valid_from, rooms, residents, value
select kind, company, house, valid_from, rooms, residents, value
from facts.norm where organization = $1::text order by n
