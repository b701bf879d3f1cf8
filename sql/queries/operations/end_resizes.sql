-- Ends the resizes whose lanes have drained, as workers do once a second. Rows: one
select count(*) from queue.end_resizes()
