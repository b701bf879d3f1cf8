-- Dated rows that are new, or unlike the newest of the same thing and day. Of rows about the same thing the last counts.
-- $1 organization text, $2 rows jsonb
with given as (
  select jsonb_strip_nulls(e.body) as body, e.place, p.*,
         row_number() over (partition by p.month order by e.place desc) as last
  from jsonb_array_elements($2::jsonb) with ordinality e(body, place)
  cross join lateral jsonb_populate_record(null::facts.due_day, e.body) p
)
insert into facts.due_day (organization, month, day)
select $1::text, p.month, p.day
from given p
where p.last = 1 and p.body is distinct from (
  select jsonb_strip_nulls(to_jsonb(k) - '{n,organization}'::text[])
  from (select k.* from facts.due_day k
                where k.organization = $1::text and k.month = p.month offset 0) k
  order by k.n desc limit 1)
order by p.place
