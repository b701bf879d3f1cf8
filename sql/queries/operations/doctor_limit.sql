-- Until the end of the transaction a statement may take three seconds, and wait for a lock 300 ms. Rows: one
select set_config('statement_timeout', '3s', true), set_config('lock_timeout', '300ms', true)
