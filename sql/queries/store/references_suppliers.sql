-- Dated rows of an organization, eldest first. $1 organization text
-- Rows: code, valid_from, name, inn, kpp, account, bank, bic, correspondent, address, phone, email, site, schedule
select code, valid_from, name, inn, kpp, account, bank, bic, correspondent, address, phone, email, site, schedule
from facts.supplier where organization = $1::text order by n
