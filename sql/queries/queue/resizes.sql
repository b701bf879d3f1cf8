-- Ends the resizes whose lanes have drained. Rows: pool, lanes int2 (how many are to be looked after), used int2 (in how many
-- of them there may be commands to decide)
select pool, lanes, used from queue.end_resizes()
