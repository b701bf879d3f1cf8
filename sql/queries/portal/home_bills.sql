-- The bills of accounts as «Главная» lists them (SF-120, SF-121), newest first, without whose they were.
-- $1 accounts int8[], $2 rows of each at most int8 (null: all). Rows: account, month, closing int8, due_on, upto int8; by account
select w.id, b.month, b.closing, b.due_on, b.upto
from unnest($1::int8[]) as w (id)
cross join lateral (
  select v.month, v.closing, v.due_on, v.upto from views.bill v
  where v.account = w.id order by v.month desc limit $2::int8
) b
order by w.id, b.month desc
