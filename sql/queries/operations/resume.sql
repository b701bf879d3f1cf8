-- Resumes a pool and wakes all its lanes. $1 name text. Rows: none when it was not paused, else one
with ended as (
  delete from queue.pause u using queue.pool p where p.id = u.pool and p.name = $1::text returning p.id, p.lanes_ever as lanes
)
select pg_notify('queue_append', id || ':' || repeat('f', (lanes + 3) / 4)) from ended
