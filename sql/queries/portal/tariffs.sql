-- Tariffs that may count for an account, of all times (SF-104). $1 organization text, $2 company text, $3 house text (null: none),
-- $4 kinds text[]. Rows: kind, width int (0 the organization's, 1 the company's, 2 the house's), valid_from, register, zones int2,
-- up_to int8, price int8 (millionths)
select t.kind, t.width, t.valid_from, t.register, t.zones, t.up_to, t.price
from (
  select k.*, case when k.company is null then 0 else 1 end as width from views.tariff k
  where k.organization = $1::text and coalesce(k.house, '') = '' and (k.company is null or k.company = $2::text)
  union all
  select k.*, 2 from views.tariff k
  where k.organization = $1::text and coalesce(k.house, '') = $3::text
) t
where t.kind = any ($4::text[])
order by t.kind, t.width, t.valid_from, t.zones nulls first, t.register nulls first, t.up_to nulls last, t.n
