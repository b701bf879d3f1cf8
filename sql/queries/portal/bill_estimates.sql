-- What accounts were charged for by average or norm, without what was taken back again, by kind and month of consumption.
-- $1 accounts, $2 first ids, $3 last ids int8[]. Rows: place int8 (from 1), kind, month date, volume int8 (millionths, above zero)
select u.place, e.kind, e.consumed, sum((e.line ->> 'v')::int8)::int8
from unnest($1::int8[], $2::int8[], $3::int8[]) with ordinality u(account, first, last, place)
cross join lateral (
  select * from views.entry k
  where k.account = u.account and k.id between u.first and u.last
    and k.sort in ('charge', 'recalculation') and k.line ->> 'm' in ('average', 'norm') and k.reverses is null
    and k.id <> all (array(select r.reverses from views.entry r
                           where r.account = u.account and r.id between u.first and u.last and r.reverses is not null))
  offset 0) e
group by 1, 2, 3 having sum((e.line ->> 'v')::int8) > 0
order by 1, 2, 3
