-- The bills of accounts, for an export of one's own data. $1 accounts int8[], $2 time zone text, $3 of an account at most int8.
-- Rows: account, month, version int2, closed (local, RFC 3339), due_on, paid_until, opening, charged, recalculated, penalty, paid,
-- closing int8
select u.account, b.month, b.version, views.local(b.closed_at, $2::text), b.due_on, b.paid_until, b.opening, b.charged,
       b.recalculated, b.penalty, b.paid, b.closing
from unnest($1::int8[]) with ordinality u(account, place)
cross join lateral (select * from views.bill k where k.account = u.account order by k.month desc limit $3::int8) b
order by u.place, b.month
