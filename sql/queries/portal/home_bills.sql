-- The bills of an account as «Главная» lists them (SF-120, SF-121), newest first, without whose they were.
-- $1 account int8, $2 rows at most int8 (null: all). Rows: month, closing int8, due_on, upto int8
select b.month, b.closing, b.due_on, b.upto
from views.bill b
where b.account = $1::int8
order by b.month desc
limit $2::int8
