-- What proves accounts, as it is now. $1 accounts int8[], $2 last_payment_on date[], $3 last_payment int8[],
-- $4 bill_month date[], $5 bill_total int8[], $6 code_hash bytea[], $7 imported_at timestamptz.
-- In the order of the accounts, so that two imports wait for each other and never in a ring
insert into identity.proof (account, last_payment_on, last_payment, bill_month, bill_total, code_hash, imported_at)
select account, last_payment_on, last_payment, bill_month, bill_total, code_hash, $7::timestamptz
from unnest($1::int8[], $2::date[], $3::int8[], $4::date[], $5::int8[], $6::bytea[])
  u(account, last_payment_on, last_payment, bill_month, bill_total, code_hash)
order by account
on conflict (account) do update set
  last_payment_on = excluded.last_payment_on, last_payment = excluded.last_payment, bill_month = excluded.bill_month,
  bill_total = excluded.bill_total, code_hash = excluded.code_hash, imported_at = excluded.imported_at
