-- Areas of houses, eldest rows first. $1 organization text, $2 houses text[]. Rows: house, valid_from, total, common
select k.house, k.valid_from, k.total, k.common
from unnest($2::text[]) u(house)
cross join lateral (select * from facts.house_area k where k.organization = $1::text and k.house = u.house offset 0) k
order by k.valid_from, k.n
