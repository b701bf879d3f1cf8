-- A new job; what jobs that ended a week ago and more have kept goes. $1 action, $2 dry_run bool, $3 states text[],
-- $4 filter jsonb, $5 actor, $6 why text. Rows: id
with old as (
  select id from operations.reprocess_job
  where state in ('done', 'cancelled') and since < clock_timestamp() - interval '7 days'
), rows_gone as (delete from operations.reprocess_row r using old where r.job = old.id),
  outcomes_gone as (delete from operations.reprocess_outcome r using old where r.job = old.id)
insert into operations.reprocess_job (action, dry_run, states, filter, actor, why)
values ($1::text, $2::bool, $3::text[], $4::jsonb, $5::text, $6::text) returning id
