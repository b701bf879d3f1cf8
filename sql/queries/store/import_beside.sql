-- Rows of a file of tariffs that stand outside of a range and name the kind, company, house and day of one of it: looked up in a
-- hash (`is true` keeps it one), however many rows the file has. $1 job int8, $2 lane int2, $3 from, $4 to int8
-- Rows: n, line, fields
select r.n, r.line, r.fields
from operations.import_row r
where r.job = $1::int8 and r.lane = $2::int2 and r.n not between $3::int8 and $4::int8
  and (r.fields[1:4] in (select k.fields[1:4] from operations.import_row k
                         where k.job = $1::int8 and k.lane = $2::int2 and k.n between $3::int8 and $4::int8)) is true
order by r.n
