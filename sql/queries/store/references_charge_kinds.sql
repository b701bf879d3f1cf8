-- Dated rows of an organization, eldest first. $1 organization text
-- Rows: code, valid_from, ends_on, title, title_en, position, basis, service, of, unit, supplier, penalty, multiplied, separate
select code, valid_from, ends_on, title, title_en, position, basis, service, "of", unit, supplier, penalty, multiplied, separate
from (select * from facts.charge_kind where organization = $1::text offset 0) k order by n
