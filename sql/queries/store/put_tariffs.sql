-- Dated rows that are new, or unlike the newest of the same thing and day. Of rows about the same thing the last counts.
-- $1 organization text, $2 rows jsonb
with given as (
  select jsonb_strip_nulls(e.body) as body, e.place, p.*,
         row_number() over (partition by p.kind, p.valid_from, p.company, p.house, p.register, p.zones, p.up_to order by e.place desc) as last
  from jsonb_array_elements($2::jsonb) with ordinality e(body, place)
  cross join lateral jsonb_populate_record(null::facts.tariff, e.body) p
)
insert into facts.tariff (organization, kind, company, house, valid_from, register, zones, up_to, price)
select $1::text, p.kind, p.company, p.house, p.valid_from, p.register, p.zones, p.up_to, p.price
from given p
where p.last = 1 and p.body is distinct from (
  select jsonb_strip_nulls(to_jsonb(k) - '{n,organization}'::text[])
  from (select k.* from facts.tariff k
                where k.organization = $1::text and k.kind = p.kind and k.valid_from = p.valid_from
                  and k.company is not distinct from p.company and coalesce(k.house, '') = coalesce(p.house, '')
                  and k.register is not distinct from p.register and k.zones is not distinct from p.zones
                  and k.up_to is not distinct from p.up_to offset 0) k
  order by k.n desc limit 1)
order by p.place
