-- What is known that proves accounts. $1 accounts int8[].
-- Rows: account, last_payment_on, last_payment, bill_month, bill_total, code_hash (each but the first may be null)
select p.account, p.last_payment_on, p.last_payment, p.bill_month, p.bill_total, p.code_hash
from unnest($1::int8[]) u(account)
cross join lateral (select * from identity.proof k where k.account = u.account offset 0) p
