-- Locks a part of an organization's accounts in id order. $1 organization text, $2 part, $3 parts int8
select a.id
from (
  select w.id from (select id from facts.account k
                    where k.organization = $1::text and k.id % $3::int8 = $2::int8 offset 0) w
  order by w.id
) wanted
cross join lateral (select id from facts.account k where k.id = wanted.id for no key update) a
