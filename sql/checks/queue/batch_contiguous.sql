-- The batches of a lane are numbered without a gap, but where a range ends and the next begins. Rows: pool, lane, n, before (the number before it)
select pool, lane, n, before
from (select pool, lane, n, lag(n) over (partition by pool, lane order by n) as before from queue.batch) b
where n <> before + 1 and n % 1000000000 <> 0
