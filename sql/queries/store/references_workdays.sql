-- Days that are not what their weekday says, eldest rows first, from a day on. $1 from date. Rows: day, working
select day, working from facts.workday where day >= $1::date order by n
