-- Transactions of this database that stand open for a second or more, the eldest first. Rows: pid int4, session text
select pid, format('%s (%s), %s for %s', usename, coalesce(nullif(application_name, ''), '?'), state,
                   date_trunc('second', clock_timestamp() - xact_start))
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and xact_start < clock_timestamp() - interval '1 second'
order by xact_start limit 5
