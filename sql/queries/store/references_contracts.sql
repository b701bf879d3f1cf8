-- Dated rows of an organization, eldest first. $1 organization text, $2 numbers of accounts text[]: rows of others are left out
-- Rows: kind, company, house, account, valid_from, valid_to, is_off, meter_possible, quantity
select kind, company, house, account, valid_from, valid_to, is_off, meter_possible, quantity
from facts.contract where organization = $1::text and (account is null or account = any ($2::text[])) order by n
