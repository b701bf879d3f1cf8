-- Months that were billed are charged anew for what was told of them since, and nothing but what it is of. $1 accounts int8[],
-- $2 months date[], $3 whys text[], $4 kinds text[], $5 actor text, $6 at timestamptz
insert into facts.correction (account, from_month, why, kind, asked_by, asked_at)
select u.account, u.month, u.why, u.kind, $5::text, $6::timestamptz
from unnest($1::int8[], $2::date[], $3::text[], $4::text[]) u(account, month, why, kind)
cross join lateral (select from facts.bill k
                    where k.account = u.account and k.month = u.month and k.withdrawn_at is null limit 1) b
