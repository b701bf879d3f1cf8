-- What accounts asked to be charged anew. $1 accounts int8[]. Rows: account, from_month, done_in (null: it waits)
select u.account, c.from_month, c.done_in
from unnest($1::int8[]) u(account)
cross join lateral (
  select k.n, k.from_month, k.done_in from facts.correction k where k.account = u.account and k.done_in is null
  union all
  select k.n, k.from_month, k.done_in from facts.correction k where k.account = u.account and k.done_in is not null
  offset 0) c
order by u.account, c.n
