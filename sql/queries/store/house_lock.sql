-- Locks house meters in id order, in a statement of its own. $1 organization text, $2 services, $3 numbers text[]
select m.id
from (
  select w.id from unnest($2::text[], $3::text[]) u(service, number)
  cross join lateral (select id from facts.house_meter k
                      where k.organization = $1::text and k.service = u.service and k.number = u.number offset 0) w
  order by w.id
) wanted
cross join lateral (select id from facts.house_meter k where k.id = wanted.id for no key update) m
