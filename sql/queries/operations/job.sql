-- An import and how many rows it staged. $1 job int8.
-- Rows: organization, what, file, dry_run, actor, at, rows int8, lanes int2 (null: not written down); none when there is no such import
select j.organization, j.what, j.file, j.dry_run, j.actor, j.at, coalesce(sum(r.count), 0)::int8, j.lanes
from operations.import_job j
left join (select job, count(*) from operations.import_row where job = $1::int8 group by job) r on r.job = j.id
where j.id = $1::int8 group by j.id
