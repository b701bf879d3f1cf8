-- Rows that were not taken, by line. $1 job int8, $2 after line int4, $3 limit int8. Rows: line, code, body
select line, code, body from operations.import_error where job = $1::int8 and line > $2::int4
order by line limit $3::int8
