-- $1 job int8. Rows: organization, columns
select organization, columns from operations.import_job where id = $1::int8
