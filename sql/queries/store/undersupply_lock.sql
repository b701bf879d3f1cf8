-- Locks the accounts that days without a service are told of, in id order: no month of theirs is charged meanwhile.
-- $1 organization text, $2 houses text[], $3 accounts int8[]. Rows: id, number, company, house, closed_on
select a.id, a.number, a.company, a.house, a.closed_on
from (
  select k.id
  from unnest($2::text[]) h(house)
  cross join lateral (select w.id from facts.account w
                      where ((w.organization || '/' || coalesce(w.house, '')) collate "C") = ($1::text || '/' || h.house)
                      offset 0) k
  union
  select * from unnest($3::int8[])
  order by 1
) wanted
cross join lateral (select k.id, k.number, k.company, k.house, k.closed_on from facts.account k
                    where k.id = wanted.id for no key update) a
