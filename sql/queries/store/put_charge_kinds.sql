-- Dated rows that are new, or unlike the newest of the same thing and day. Of rows about the same thing the last counts.
-- $1 organization text, $2 rows jsonb
with given as (
  select jsonb_strip_nulls(e.body) as body, e.place, p.*,
         row_number() over (partition by p.code, p.valid_from order by e.place desc) as last
  from jsonb_array_elements($2::jsonb) with ordinality e(body, place)
  cross join lateral jsonb_populate_record(null::facts.charge_kind, e.body) p
)
insert into facts.charge_kind (organization, code, valid_from, ends_on, title, title_en, position, basis, service, "of", unit, supplier, penalty, multiplied, separate)
select $1::text, p.code, p.valid_from, p.ends_on, p.title, p.title_en, p.position, p.basis, p.service, p."of", p.unit, p.supplier, p.penalty, p.multiplied, p.separate
from given p
where p.last = 1 and p.body is distinct from (
  select jsonb_strip_nulls(to_jsonb(k) - '{n,organization,added_at}'::text[])
  from (select k.* from facts.charge_kind k
                where k.organization = $1::text and k.code = p.code and k.valid_from = p.valid_from offset 0) k
  order by k.n desc limit 1)
order by p.place
