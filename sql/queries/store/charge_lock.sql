-- Locks a part of an organization's accounts in id order, in a statement of its own.
-- $1 organization text, $2 first house, $3 last house text, $4 first id, $5 last id int8
select a.id
from (
  select k.id from facts.account k
  where ((k.organization || '/' || coalesce(k.house, '')) collate "C", k.id + 0) >= ($1::text || '/' || $2::text, $4::int8)
  and ((k.organization || '/' || coalesce(k.house, '')) collate "C", k.id + 0) <= ($1::text || '/' || $3::text, $5::int8)
  order by k.id + 0
) wanted
cross join lateral (select id from facts.account k where k.id = wanted.id for no key update) a
