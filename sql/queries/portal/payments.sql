-- What was paid for an account and posted in months, newest first: it adds up to what the months say was paid.
-- $1 account int8, $2 first month, $3 last month date, $4 rows at most int4, $5 time zone text.
-- Rows: id, provider, number, amount int8, paid_on, month date (in which it was posted), reversed bool, typed, assigned_on date (both
-- null: the payer wrote the account itself), when it was posted
select p.id, p.provider, p.number, p.amount, p.paid_on, p.month, p.reversed,
       case when p.assigned_at is not null then p.typed end, (p.assigned_at at time zone $5::text)::date,
       coalesce(p.assigned_at, p.received_at)
from views.payment p
where p.account = $1::int8 and p.month between $2::date and $3::date
order by p.paid_on desc, p.id desc
limit $4::int4
