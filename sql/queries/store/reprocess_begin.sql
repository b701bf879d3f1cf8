-- What a part of a job goes by; whoever pauses the job waits until it has committed. $1 job int8, $2 lane int2, $3 the part
-- uuid. Rows: state, action text, dry_run bool, states text[], actor, why text, position, total int8, ended bool,
-- pool int2 (of the part)
select state, action, dry_run, states, actor, why, position, total, ended, pool
from operations.reprocess_begin($1::int8, $2::int2, $3::uuid)
