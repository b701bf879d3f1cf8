-- Dated rows that are new, or unlike the newest of the same thing and day. $1 organization text, $2 rows jsonb
insert into facts.undersupply (organization, kind, house, account, month, days, why)
select $1::text, p.kind, p.house, p.account, p.month, p.days, p.why
from jsonb_array_elements($2::jsonb) with ordinality e(given, place)
cross join lateral jsonb_populate_record(null::facts.undersupply, e.given) p
where not exists (
  select from (select jsonb_strip_nulls(to_jsonb(k) - '{n,organization}'::text[]) as was from facts.undersupply k
               where k.organization is not distinct from $1::text and k.kind is not distinct from p.kind and k.house is not distinct from p.house and k.account is not distinct from p.account and k.month is not distinct from p.month order by k.n desc limit 1) newest
  where newest.was = jsonb_strip_nulls(e.given))
order by e.place
