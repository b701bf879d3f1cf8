-- Whether WAL that should be archived is not. Rows: failed tries int8, since timestamptz (null: from the beginning)
select failed_count, last_archived_time from pg_stat_archiver
where last_failed_time > coalesce(last_archived_time, '-infinity')
