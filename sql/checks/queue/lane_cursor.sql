-- Every lane that a pool ever had has a cursor, and no others have. Rows: pool, lane
select p.id as pool, l.lane from queue.pool p cross join lateral generate_series(0, p.lanes_ever - 1) l(lane)
where not exists (select from queue.batch b where b.pool = p.id and b.lane = l.lane::int2)
union all
select distinct b.pool, b.lane::int from queue.batch b
where not exists (select from queue.pool p where p.id = b.pool and b.lane between 0 and p.lanes_ever - 1)
