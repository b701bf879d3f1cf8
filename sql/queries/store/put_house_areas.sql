-- Dated rows that are new, or unlike the newest of the same thing and day. $1 organization text, $2 rows jsonb
insert into facts.house_area (organization, house, valid_from, total, common)
select $1::text, p.house, p.valid_from, p.total, p.common
from jsonb_array_elements($2::jsonb) with ordinality e(given, place)
cross join lateral jsonb_populate_record(null::facts.house_area, e.given) p
where not exists (
  select from (select jsonb_strip_nulls(to_jsonb(k) - '{n,organization}'::text[]) as was from facts.house_area k
               where k.organization is not distinct from $1::text and k.house is not distinct from p.house and k.valid_from is not distinct from p.valid_from order by k.n desc limit 1) newest
  where newest.was = jsonb_strip_nulls(e.given))
order by e.place
