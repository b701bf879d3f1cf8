-- Domain time, which follows the test clock. Rows: now timestamptz
select clock.now()
