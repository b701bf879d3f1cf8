-- Until the end of the transaction no lock is waited for longer than $1 milliseconds int8: whoever waits for a table keeps all
-- others from it. Rows: one
select set_config('lock_timeout', $1::int8::text, true)
