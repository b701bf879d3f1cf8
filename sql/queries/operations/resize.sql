-- Begins a resize of a pool, and writes down who and why. One statement, one transaction: a client that is stopped in the
-- middle stops nobody. $1 pool, $2 lanes int2, $3 actor, $4 why text.
-- Rows: resize int8; none when the pool has these lanes already or a resize is open
with begun as materialized (select resize, lanes_before from queue.begin_resize($1::text, $2::int2, $3::text, $4::text))
insert into operations.audit (actor, action, details)
select $3::text, 'queue.resize',
       jsonb_build_object('pool', $1::text, 'lanes', $2::int2, 'before', lanes_before, 'why', $4::text)
from begun returning (select resize from begun)
