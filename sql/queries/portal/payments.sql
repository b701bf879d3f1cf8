-- What was paid for an account, newest first. $1 account int8, $2 first day, $3 last day date, $4 rows at most int4.
-- Rows: id, provider, number, amount int8, paid_on, month date (in which it was posted), reversed bool
select p.id, p.provider, p.number, p.amount, p.paid_on, p.month, p.reversed
from views.payment p
where p.account = $1::int8 and p.paid_on between $2::date and $3::date
order by p.paid_on desc, p.id desc
limit $4::int4
