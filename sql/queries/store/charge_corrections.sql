-- What is to be charged anew. $1 accounts int8[]. Rows: account, n, from_month, why, kind (null: all)
select c.account, c.n, c.from_month, c.why, c.kind
from unnest($1::int8[]) u(account)
cross join lateral (select * from facts.correction k where k.account = u.account and k.done_in is null offset 0) c
order by c.account, c.from_month, c.n
