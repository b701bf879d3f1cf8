-- The flats of a house, with how the numbers of their accounts end: enough to recognize one's own, too little to learn
-- another's. $1 organization text, $2 company text, $3 house text. Rows: apartment, endings text[]
select k.apartment, array_agg(right(k.stripped, 3) order by k.number)
from views.account k
where k.organization = $1::text and k.company = $2::text and k.company <> '' and k.house = $3::text and k.apartment is not null
  and k.closed_on is null
group by k.apartment
order by substring(k.apartment from '^[0-9]{1,9}')::int nulls last, k.apartment collate "ru-x-icu"
limit 2000
