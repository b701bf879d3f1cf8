-- Waits for its turn to make a job: two must not stage the same commands. Until the end of the transaction. Rows: one
select pg_advisory_xact_lock(hashtextextended('operations.reprocess_job', 0))
