-- Lets go what of these commands failed in a lane, one after the other. $1 pool, $2 lane int2, $3 commands uuid[],
-- $4 note jsonb, $5 own bool (the caller's batch is of this lane), $6 milliseconds apart int8. Rows: command of each
select id from queue.try_again($1::int2, $2::int2, $3::uuid[], $4::jsonb, $5::bool, $6::int8 * interval '1 millisecond') id
