-- Every pool with its kinds. Rows: id, name, lanes, mode, kinds text[]
select p.id, p.name, p.lanes, p.mode,
       coalesce(array_agg(k.kind order by k.kind) filter (where k.kind is not null), '{}') as kinds
from queue.pool p left join queue.kind k on k.pool = p.id
group by p.id order by p.id
