-- Dated rows that are new, or unlike the newest of the same thing and day. $1 organization text, $2 rows jsonb
insert into facts.due_day (organization, month, day)
select $1::text, p.month, p.day
from jsonb_array_elements($2::jsonb) with ordinality e(given, place)
cross join lateral jsonb_populate_record(null::facts.due_day, e.given) p
where not exists (
  select from (select jsonb_strip_nulls(to_jsonb(k) - '{n,organization}'::text[]) as was from facts.due_day k
               where k.organization is not distinct from $1::text and k.month is not distinct from p.month order by k.n desc limit 1) newest
  where newest.was = jsonb_strip_nulls(e.given))
order by e.place
