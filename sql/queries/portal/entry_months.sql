-- The first and the last month in which anything was posted to an account. $1 account int8.
-- Rows: first, last date (null: nothing was)
select (select e.month from views.entry e where e.account = $1::int8 order by e.id limit 1),
       (select e.month from views.entry e where e.account = $1::int8 order by e.id desc limit 1)
