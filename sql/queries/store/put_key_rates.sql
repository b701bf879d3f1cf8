-- Dated rows that are new, or unlike the newest of the same thing and day. $1 organization text, $2 rows jsonb
insert into facts.key_rate (valid_from, points)
select p.valid_from, p.points
from jsonb_array_elements($2::jsonb) with ordinality e(given, place)
cross join lateral jsonb_populate_record(null::facts.key_rate, e.given) p
where $1::text is not null and not exists (
  select from (select jsonb_strip_nulls(to_jsonb(k) - '{n,organization}'::text[]) as was from facts.key_rate k
               where k.valid_from is not distinct from p.valid_from order by k.n desc limit 1) newest
  where newest.was = jsonb_strip_nulls(e.given))
order by e.place
