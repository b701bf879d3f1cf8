-- The lane's next n with its cursor as it was, after its lock: no other owner's view of the lane stays valid, so nobody
-- parks into a hold that ends here. $1 pool, $2 lane int2
insert into queue.batch (pool, lane, n, low, high, xid, seq, count, refused)
select pool, lane, n + 1, low, high, xid, seq, 0, 0
from queue.batch where pool = $1::int2 and lane = $2::int2 order by n desc limit 1
