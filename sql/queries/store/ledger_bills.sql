-- The last bill of accounts, and the oldest debt that anything was posted to since. $1 accounts int8[], $2 months date[]: bills
-- before that month only; null: any. Rows: account, month, closing, open_from, upto, oldest
select u.account, b.month, b.closing, b.open_from, b.upto, e.oldest
from unnest($1::int8[], $2::date[]) with ordinality u(account, before, place)
left join lateral (select k.month, k.closing, k.open_from, k.upto from facts.bill k
                   where k.account = u.account and k.withdrawn_at is null and (u.before is null or k.month < u.before)
                   order by k.month desc limit 1) b on true
left join lateral (select min(k.tranche) as oldest from facts.entry k
                   where k.account = u.account and k.id > coalesce(b.upto, 0)) e on true
order by u.place
