-- What accounts owe now (SF-106), and their newest bill. $1 ids int8[].
-- Rows: account, balance int8 (kopecks, below zero what was paid too much), month, closing int8, due_on (null: no bill yet)
select b.account, b.balance, k.month, k.closing, k.due_on
from unnest($1::int8[]) as wanted (id)
cross join lateral (select * from views.balance v where v.account = wanted.id offset 0) b
left join lateral (select * from views.bill l where l.account = wanted.id order by l.month desc limit 1) k on true
order by b.account
