-- The newest bills of an account. $1 account int8, $2 rows at most int8 (null: all), $3 time zone text.
-- Rows: month, version int2, closed (local, RFC 3339), due_on, paid_until, opening, charged, recalculated, penalty, paid,
-- closing, upto int8, card jsonb
select b.month, b.version, views.local(b.closed_at, $3::text), b.due_on, b.paid_until, b.opening, b.charged, b.recalculated,
       b.penalty, b.paid, b.closing, b.upto, b.card
from views.bill b
where b.account = $1::int8
order by b.month desc
limit $2::int8
