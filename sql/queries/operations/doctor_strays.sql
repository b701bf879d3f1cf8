-- Rows that no dated partition took. Rows: table text, rows int8
select t.name, t.rows from (
  select 'queue.command_stray' as name, count(*) as rows from queue.command_stray
  union all select 'queue.exception_stray', count(*) from queue.exception_stray
  union all select 'queue.idempotency_stray', count(*) from queue.idempotency_stray) t
where t.rows > 0
