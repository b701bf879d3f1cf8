-- A subject of a pool has one lane, and it is one that somebody works on. Looks at the commands of two days.
-- Rows: id, pool, lane, subject
select c.id, c.pool, c.lane, c.subject
from queue.command c left join queue.pool p on p.id = c.pool
where c.id >= queue.first_id(clock_timestamp() - interval '2 days')
  and c.lane is distinct from ((c.subject::numeric + case when c.subject < 0 then 18446744073709551616 else 0 end) % p.lanes)
