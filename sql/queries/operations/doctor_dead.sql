-- Append-only tables with dead rows: something updates, deletes or rolls back. Rows: table text, dead, written int8
select schemaname || '.' || relname, n_dead_tup, n_tup_ins from pg_stat_user_tables
where (schemaname = 'queue' and relname ~ '^(command|batch|exception|idempotency|parked)(_|$)'
       or schemaname = 'facts' and relname = 'attempt' or schemaname = 'operations' and relname = 'audit')
  and n_dead_tup > 1000 + n_tup_ins / 20
order by 1
