-- Dated rows that are new, or unlike the newest of the same thing and day. $1 organization text, $2 rows jsonb
insert into facts.norm (organization, kind, company, house, valid_from, rooms, residents, value)
select $1::text, p.kind, p.company, p.house, p.valid_from, p.rooms, p.residents, p.value
from jsonb_array_elements($2::jsonb) with ordinality e(given, place)
cross join lateral jsonb_populate_record(null::facts.norm, e.given) p
where not exists (
  select from (select jsonb_strip_nulls(to_jsonb(k) - '{n,organization,added_at}'::text[]) as was from facts.norm k
               where k.organization is not distinct from $1::text and k.kind is not distinct from p.kind and k.company is not distinct from p.company and k.house is not distinct from p.house and k.valid_from is not distinct from p.valid_from and k.rooms is not distinct from p.rooms and k.residents is not distinct from p.residents order by k.n desc limit 1) newest
  where newest.was = jsonb_strip_nulls(e.given))
order by e.place
