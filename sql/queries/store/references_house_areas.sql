-- Dated rows of an organization, eldest first. $1 organization text
-- Rows: house, valid_from, total, common
select house, valid_from, total, common
from facts.house_area where organization = $1::text order by n
