-- Until the end of the transaction a statement may take three seconds. Rows: one
select set_config('statement_timeout', '3s', true)
