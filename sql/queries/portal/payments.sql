-- What was paid for an account and posted in months, newest first: it adds up to what the months say was paid.
-- $1 account int8, $2 first month, $3 last month date, $4 rows at most int4.
-- Rows: id, provider, number, amount int8, paid_on, month date (in which it was posted), reversed bool
select p.id, p.provider, p.number, p.amount, p.paid_on, p.month, p.reversed
from views.payment p
where p.account = $1::int8 and p.month between $2::date and $3::date
order by p.paid_on desc, p.id desc
limit $4::int4
