-- Dated rows that are new, or unlike the newest of the same thing and day. $1 organization text, $2 rows jsonb
insert into facts.charge_kind (organization, code, valid_from, ends_on, title, title_en, position, basis, service, "of", unit, supplier, penalty, multiplied, separate)
select $1::text, p.code, p.valid_from, p.ends_on, p.title, p.title_en, p.position, p.basis, p.service, p."of", p.unit, p.supplier, p.penalty, p.multiplied, p.separate
from jsonb_array_elements($2::jsonb) with ordinality e(given, place)
cross join lateral jsonb_populate_record(null::facts.charge_kind, e.given) p
where not exists (
  select from (select jsonb_strip_nulls(to_jsonb(k) - '{n,organization,added_at}'::text[]) as was from facts.charge_kind k
               where k.organization is not distinct from $1::text and k.code is not distinct from p.code and k.valid_from is not distinct from p.valid_from order by k.n desc limit 1) newest
  where newest.was = jsonb_strip_nulls(e.given))
order by e.place
