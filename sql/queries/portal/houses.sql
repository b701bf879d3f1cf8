-- The houses of a company, each with an address of it: from one to the next by the index, however many accounts there are.
-- $1 organization text, $2 company text, $3 rows at most int4. Rows: house, address
with recursive house (code, n) as (
  (select k.house, 1 from views.account k
   where k.organization = $1::text and k.company = $2::text and k.company <> '' and k.house is not null
   order by k.house limit 1)
  union all
  select (select k.house from views.account k
          where k.organization = $1::text and k.company = $2::text and k.company <> '' and k.house > h.code
          order by k.house limit 1), h.n + 1
  from house h
  where h.code is not null and h.n < $3::int4
)
select h.code, a.address
from house h
cross join lateral (
  select coalesce(k.address, '') as address from views.account k
  where k.organization = $1::text and k.company = $2::text and k.company <> '' and k.house = h.code
  order by k.apartment limit 1
) a
where h.code is not null
order by a.address collate "ru-x-icu", h.code
