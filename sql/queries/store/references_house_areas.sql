-- Areas of houses, eldest rows first. $1 organization text, $2 houses text[]. Rows: house, valid_from, total, common
select house, valid_from, total, common
from facts.house_area where organization = $1::text and house = any ($2::text[]) order by valid_from, n
