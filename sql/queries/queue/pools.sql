-- Every pool with its kinds. Rows: id, name, lanes int2, mode, kinds text[], map int8 (the number of the map that this is)
select p.id, p.name, p.lanes, p.mode,
       coalesce(array_agg(k.kind order by k.kind) filter (where k.kind is not null), '{}') as kinds,
       (select coalesce(max(r.id), 0) from queue.resize r) as map
from queue.pool p left join queue.kind k on k.pool = p.id
group by p.id order by p.id
