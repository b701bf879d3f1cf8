-- The server's real clock. Rows: now
select clock_timestamp()
