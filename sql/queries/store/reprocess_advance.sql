-- A part's last word. $1 job int8, $2 lane int2, $3 position, $4 appended, $5 released, $6 discarded, $7 passed int8,
-- $8 end bool. Rows: one
select operations.reprocess_advance($1::int8, $2::int2, $3::int8, $4::int8, $5::int8, $6::int8, $7::int8, $8::bool)
