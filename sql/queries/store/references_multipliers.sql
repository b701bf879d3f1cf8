-- Dated rows of an organization, eldest first. $1 organization text
-- Rows: kind, valid_from, value
select kind, valid_from, value
from (select * from facts.multiplier where organization = $1::text offset 0) k order by n
