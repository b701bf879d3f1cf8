-- A subject of a pool has one lane, and it is one that somebody works on: the subject, taken as unsigned, modulo the lanes.
-- Looks at the commands of two days; their beginning is computed once and the rest in bigint, for a day has millions.
-- Rows: id, pool, lane, subject
select c.id, c.pool, c.lane, c.subject
from queue.command c left join queue.pool p on p.id = c.pool
where c.id >= (select queue.first_id(clock_timestamp() - interval '2 days'))
  and c.lane is distinct from
      (c.subject % p.lanes
       + case when c.subject < 0 then p.lanes + (9223372036854775807 % p.lanes * 2 + 2) % p.lanes else 0 end) % p.lanes
