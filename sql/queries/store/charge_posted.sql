-- What was charged for months that may be charged anew, with its lines. $1 accounts int8[], $2 from which entry, $3 up to
-- which int8[]. Rows: account, month, sort, kind, tranche, amount, line, consumed, reverses
select e.account, e.month, e.sort, e.kind, e.tranche, e.amount, e.line, e.consumed, e.reverses is not null
from unnest($1::int8[], $2::int8[], $3::int8[]) with ordinality u(account, first, last, place)
cross join lateral (
  select * from facts.entry k where k.account = u.account and k.id between u.first and u.last
    and k.sort in ('charge', 'surcharge', 'recalculation') order by k.id) e
order by u.place, e.id
