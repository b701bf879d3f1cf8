-- What accounts asked to be charged anew as a whole: days without a kind are told anew, as none, and not withdrawn here.
-- $1 accounts int8[]. Rows: account, from_month, done_in (null: it waits), n, why; those of an account in the order in which they
-- were asked for
select u.account, c.from_month, c.done_in, c.n, c.why
from unnest($1::int8[]) u(account)
cross join lateral (
  select k.n, k.from_month, k.done_in, k.why from facts.correction k
  where k.account = u.account and k.done_in is null and k.kind is null
  union all
  select k.n, k.from_month, k.done_in, k.why from facts.correction k
  where k.account = u.account and k.done_in is not null and k.kind is null
  offset 0) c
order by u.account, c.n
