-- As `lock`, with parts of organizations' accounts besides, as one set in id order.
-- $1 organizations text[], $2 stripped numbers text[], $3 organizations text[], $4 part, $5 parts int8[]
select a.id
from (
  select k.id from facts.account k
  join unnest($1::text[], $2::text[]) u(organization, stripped)
    on k.organization = u.organization and k.stripped = u.stripped
  union
  select k.id from facts.account k
  join unnest($3::text[], $4::int8[], $5::int8[]) p(organization, part, parts)
    on k.organization = p.organization and k.id % p.parts = p.part
) wanted
join facts.account a on a.id = wanted.id
order by a.id for no key update of a
