-- What was paid for accounts, for an export of one's own data. $1 accounts int8[], $2 of an account at most int8.
-- Rows: account, id, provider, number, amount int8, paid_on, month date (in which it was posted, may be null), reversed bool
select u.account, p.id, p.provider, p.number, p.amount, p.paid_on, p.month, p.reversed
from unnest($1::int8[]) with ordinality u(account, place)
cross join lateral (select * from views.payment k where k.account = u.account order by k.paid_on desc, k.id desc limit $2::int8) p
order by u.place, p.paid_on, p.id
