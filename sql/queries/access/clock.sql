-- The test clock, if it is set. Rows: none, or now
select now from clock.test
