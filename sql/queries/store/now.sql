-- Domain time. Rows: now timestamptz
select clock.now()
