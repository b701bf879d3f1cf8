-- How far an import is. $1 job int8. Rows: parts, accepted, unchanged, refused int8
select count(*), coalesce(sum(accepted), 0)::int8, coalesce(sum(unchanged), 0)::int8, coalesce(sum(refused), 0)::int8
from operations.import_part where job = $1::int8
