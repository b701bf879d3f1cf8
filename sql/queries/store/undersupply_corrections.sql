-- Months that were billed are charged anew for what was told of them since. $1 accounts int8[], $2 months date[], $3 whys text[],
-- $4 actor text, $5 at timestamptz
insert into facts.correction (account, from_month, why, asked_by, asked_at)
select u.account, u.month, u.why, $4::text, $5::timestamptz
from unnest($1::int8[], $2::date[], $3::text[]) u(account, month, why)
cross join lateral (select from facts.bill k
                    where k.account = u.account and k.month = u.month and k.withdrawn_at is null limit 1) b
