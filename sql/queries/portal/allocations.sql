-- Where payments went, each among the entries of the month in which it was posted.
-- $1 account int8, $2 payments uuid[], $3 their months' first ids, $4 last ids int8[].
-- Rows: payment, sort, kind, penalty bool, tranche date, amount int8 (above zero), reason
select u.payment, e.sort, e.kind, e.penalty, e.tranche, -e.amount, e.reason
from unnest($2::uuid[], $3::int8[], $4::int8[]) with ordinality u(payment, first, last, place)
cross join lateral (
  select * from views.entry k
  where k.account = $1::int8 and k.id between u.first and u.last and k.payment = u.payment and k.sort in ('payment', 'advance')
  order by k.id) e
order by u.place, e.id
