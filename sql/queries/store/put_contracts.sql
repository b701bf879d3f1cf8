-- Dated rows that are new, or unlike the newest of the same thing and day. $1 organization text, $2 rows jsonb
insert into facts.contract (organization, kind, company, house, account, valid_from, valid_to, is_off, meter_possible, quantity)
select $1::text, p.kind, p.company, p.house, p.account, p.valid_from, p.valid_to, p.is_off, p.meter_possible, p.quantity
from jsonb_array_elements($2::jsonb) with ordinality e(given, place)
cross join lateral jsonb_populate_record(null::facts.contract, e.given) p
where not exists (
  select from (select jsonb_strip_nulls(to_jsonb(k) - '{n,organization}'::text[]) as was from facts.contract k
               where k.organization is not distinct from $1::text and k.kind is not distinct from p.kind and k.company is not distinct from p.company and k.house is not distinct from p.house and k.account is not distinct from p.account and k.valid_from is not distinct from p.valid_from order by k.n desc limit 1) newest
  where newest.was = jsonb_strip_nulls(e.given))
order by e.place
