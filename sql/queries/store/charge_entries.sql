-- What accounts owe and have paid, from an entry on. $1 accounts int8[], $2 from which id int8[]
-- Rows: account, id, month, sort, kind, penalty, tranche, effective_on, amount, payment, reverses
select e.account, e.id, e.month, e.sort, e.kind, e.penalty, e.tranche, e.effective_on, e.amount, e.payment, e.reverses
from unnest($1::int8[], $2::int8[]) with ordinality u(account, id, place)
cross join lateral (select * from facts.entry k where k.account = u.account and k.id >= u.id order by k.id) e
order by u.place, e.id
