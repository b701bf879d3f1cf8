-- Readings that are measured from another one than before. $1 ids uuid[], $2 rolled int2
update facts.reading set rolled = $2::int2 where id = any ($1::uuid[])
