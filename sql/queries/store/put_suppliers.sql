-- Dated rows that are new, or unlike the newest of the same thing and day. Of rows about the same thing the last counts.
-- $1 organization text, $2 rows jsonb
with given as (
  select jsonb_strip_nulls(e.body) as body, e.place, p.*,
         row_number() over (partition by p.code, p.valid_from order by e.place desc) as last
  from jsonb_array_elements($2::jsonb) with ordinality e(body, place)
  cross join lateral jsonb_populate_record(null::facts.supplier, e.body) p
)
insert into facts.supplier (organization, code, valid_from, name, inn, kpp, account, bank, bic, correspondent, address, phone, email, site, schedule)
select $1::text, p.code, p.valid_from, p.name, p.inn, p.kpp, p.account, p.bank, p.bic, p.correspondent, p.address, p.phone, p.email, p.site, p.schedule
from given p
where p.last = 1 and p.body is distinct from (
  select jsonb_strip_nulls(to_jsonb(k) - '{n,organization,added_at}'::text[])
  from (select k.* from facts.supplier k
                where k.organization = $1::text and k.code = p.code and k.valid_from = p.valid_from offset 0) k
  order by k.n desc limit 1)
order by p.place
