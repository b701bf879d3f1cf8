-- A new pool with its lanes. $1 name text, $2 lanes int2, $3 mode text. Rows: none when it exists
with made as (
  insert into queue.pool (name, lanes, lanes_ever, mode)
  select $1::text, $2::int2, $2::int2, $3::text
  where not exists (select from queue.pool where name = $1::text)  -- a conflict would use up an id, and they are small
  on conflict (name) do nothing returning id, lanes
), cursors as (
  insert into queue.batch (pool, lane, n, low, high, count)
  select made.id, l, 0, '3:3:', '3:3:', 0 from made, generate_series(0, made.lanes - 1) l
)
select id from made
