-- A decided import's rows are no longer needed. $1 job int8
delete from operations.import_row where job = $1::int8
