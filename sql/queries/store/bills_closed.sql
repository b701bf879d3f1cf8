-- What accounts' bills of months come to. $1 accounts int8[], $2 months date[]. Rows: place int8 (from 1), opening, charged,
-- recalculated, penalty, paid, closing int8, due_on
select u.place, b.opening, b.charged, b.recalculated, b.penalty, b.paid, b.closing, b.due_on
from unnest($1::int8[], $2::date[]) with ordinality u(account, month, place)
cross join lateral (select * from facts.bill k
                    where k.account = u.account and k.month = u.month and k.withdrawn_at is null offset 0) b
order by u.place
