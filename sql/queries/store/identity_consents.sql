-- What persons consent to, each of their own accounts. $1 persons int8[], $2 accounts int8[], pair by pair
-- Rows: principal, account, purpose
select u.principal, u.account, c.purpose
from unnest($1::int8[], $2::int8[]) u(principal, account)
cross join (values ('sms_news'), ('email_news'), ('paper_bill'), ('email_bill')) p(purpose)
cross join lateral (select purpose, given from identity.consent k
                    where k.account = u.account and k.principal = u.principal and k.purpose = p.purpose
                    order by n desc limit 1) c
where c.given
