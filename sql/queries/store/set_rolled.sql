-- Readings that are measured from another one than before. $1 ids uuid[], $2 rolled int2[]
update facts.reading r set rolled = u.rolled
from unnest($1::uuid[], $2::int2[]) u(id, rolled) where r.id = u.id
