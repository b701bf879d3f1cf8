-- What accounts were charged, for an export of one's own data: what was taken back again stands there with what takes it back.
-- $1 accounts int8[], $2 of an account at most int8.
-- Rows: account, id, month date, sort, kind (may be null), tranche date, consumed date (may be null), amount int8, line jsonb (may
-- be null)
select u.account, e.id, e.month, e.sort, e.kind, e.tranche, e.consumed, e.amount, e.line
from unnest($1::int8[]) with ordinality u(account, place)
cross join lateral (
  select * from views.entry k
  where k.account = u.account and k.sort in ('opening', 'charge', 'surcharge', 'recalculation', 'penalty')
  order by k.id desc limit $2::int8) e
order by u.place, e.id
