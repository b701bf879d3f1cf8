-- What accounts consent to. $1 accounts int8[]. Rows: account, purpose
select u.account, c.purpose
from unnest($1::int8[]) u(account)
cross join (values ('sms_news'), ('email_news'), ('paper_bill'), ('email_bill')) p(purpose)
cross join lateral (select purpose, given from identity.consent k where k.account = u.account and k.purpose = p.purpose
                    order by n desc limit 1) c
where c.given
