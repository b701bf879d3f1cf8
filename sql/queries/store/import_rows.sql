-- A range of an import's rows. $1 job int8, $2 lane int2, $3 from, $4 to int8. Rows: n, line, fields
select n, line, fields from operations.import_row
where job = $1::int8 and lane = $2::int2 and n between $3::int8 and $4::int8 order by n
