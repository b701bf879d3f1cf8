-- As `lock`, with parts of organizations' accounts besides, as one set in id order.
-- $1 organizations text[], $2 stripped numbers text[], $3 organizations text[], $4 part, $5 parts int8[]
select a.id
from (
  select w.id from unnest($1::text[], $2::text[]) u(organization, stripped)
  cross join lateral (select id from facts.account k
                      where k.organization = u.organization and k.stripped = u.stripped offset 0) w
  union
  select w.id from unnest($3::text[], $4::int8[], $5::int8[]) p(organization, part, parts)
  cross join lateral (select id from facts.account k
                      where k.organization = p.organization and k.id % p.parts = p.part offset 0) w
  order by id
) wanted
cross join lateral (select id from facts.account k where k.id = wanted.id for no key update) a
