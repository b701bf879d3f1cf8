-- Dated rows that are new, or unlike the newest of the same thing and day. $1 organization text, $2 rows jsonb
insert into facts.supplier (organization, code, valid_from, name, inn, kpp, account, bank, bic, correspondent, address, phone, email, site, schedule)
select $1::text, p.code, p.valid_from, p.name, p.inn, p.kpp, p.account, p.bank, p.bic, p.correspondent, p.address, p.phone, p.email, p.site, p.schedule
from jsonb_array_elements($2::jsonb) with ordinality e(given, place)
cross join lateral jsonb_populate_record(null::facts.supplier, e.given) p
where not exists (
  select from (select jsonb_strip_nulls(to_jsonb(k) - '{n,organization,added_at}'::text[]) as was from facts.supplier k
               where k.organization is not distinct from $1::text and k.code is not distinct from p.code and k.valid_from is not distinct from p.valid_from order by k.n desc limit 1) newest
  where newest.was = jsonb_strip_nulls(e.given))
order by e.place
