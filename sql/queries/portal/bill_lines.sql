-- What bills charge, in the order in which it was posted, without what was taken back again.
-- $1 accounts, $2 first ids, $3 last ids int8[]. Rows: place int8 (from 1), id, sort, kind, tranche, consumed, amount int8, line jsonb
select u.place, e.id, e.sort, e.kind, e.tranche, e.consumed, e.amount, e.line
from unnest($1::int8[], $2::int8[], $3::int8[]) with ordinality u(account, first, last, place)
cross join lateral (
  select * from views.entry k
  where k.account = u.account and k.id between u.first and u.last
    and k.sort in ('charge', 'surcharge', 'recalculation', 'penalty') and k.reverses is null
    and k.id <> all (array(select r.reverses from views.entry r
                           where r.account = u.account and r.id between u.first and u.last and r.reverses is not null))
  order by k.id) e
order by u.place, e.id
