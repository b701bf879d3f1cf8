-- The batch's one row. A key violation here means that another owner has decided this batch: roll back.
-- $1 pool, $2 lane int2, $3 n int8, $4 low, $5 high pg_snapshot, $6 xid xid8, $7 seq int8 (null = diff finished),
-- $8 count, $9 refused int4
insert into queue.batch (pool, lane, n, low, high, xid, seq, count, refused)
values ($1::int2, $2::int2, $3::int8, $4::pg_snapshot, $5::pg_snapshot, $6::xid8, $7::int8, $8::int4, $9::int4)
