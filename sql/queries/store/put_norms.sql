-- Dated rows that are new, or unlike the newest of the same thing and day. Of rows about the same thing the last counts.
-- $1 organization text, $2 rows jsonb
with given as (
  select jsonb_strip_nulls(e.body) as body, e.place, p.*,
         row_number() over (partition by p.kind, p.valid_from, p.company, p.house, p.rooms, p.residents order by e.place desc) as last
  from jsonb_array_elements($2::jsonb) with ordinality e(body, place)
  cross join lateral jsonb_populate_record(null::facts.norm, e.body) p
)
insert into facts.norm (organization, kind, company, house, valid_from, rooms, residents, value)
select $1::text, p.kind, p.company, p.house, p.valid_from, p.rooms, p.residents, p.value
from given p
where p.last = 1 and p.body is distinct from (
  select jsonb_strip_nulls(to_jsonb(k) - '{n,organization,added_at}'::text[])
  from (select k.* from facts.norm k
                where k.organization = $1::text and k.kind = p.kind and k.valid_from = p.valid_from
                  and k.company is not distinct from p.company and coalesce(k.house, '') = coalesce(p.house, '')
                  and k.rooms is not distinct from p.rooms and k.residents is not distinct from p.residents offset 0) k
  order by k.n desc limit 1)
order by p.place
