-- Whether a person had an account of another's that is closed to them by now. $1 principal int8. Rows: one if so
select true from (select * from views.lost_share k where k.principal = $1::int8 offset 0) s limit 1
