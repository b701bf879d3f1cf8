-- Dated rows that are new, or unlike the newest of the same thing and day. $1 organization text, $2 rows jsonb
insert into facts.workday (day, working)
select p.day, p.working
from jsonb_array_elements($2::jsonb) with ordinality e(given, place)
cross join lateral jsonb_populate_record(null::facts.workday, e.given) p
where $1::text is not null and not exists (
  select from (select jsonb_strip_nulls(to_jsonb(k) - '{n,organization}'::text[]) as was from facts.workday k
               where k.day is not distinct from p.day order by k.n desc limit 1) newest
  where newest.was = jsonb_strip_nulls(e.given))
order by e.place
