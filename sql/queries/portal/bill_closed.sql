-- Months of accounts as they were closed. $1 accounts int8[], $2 months date[], $3 time zones text[].
-- Rows: place int8 (from 1), version int2, closed (local, RFC 3339), closed_at, due_on, paid_until, opening, charged, recalculated,
-- penalty, paid, closing, upto int8, card jsonb, newer int8 (bills of later months)
select u.place, b.version, views.local(b.closed_at, u.zone), b.closed_at, b.due_on, b.paid_until, b.opening, b.charged,
       b.recalculated, b.penalty, b.paid, b.closing, b.upto, b.card, l.newer
from unnest($1::int8[], $2::date[], $3::text[]) with ordinality u(account, month, zone, place)
cross join lateral (select * from views.bill k where k.account = u.account and k.month = u.month offset 0) b
cross join lateral (select count(*) as newer from views.bill k where k.account = u.account and k.month > u.month) l
order by u.place
