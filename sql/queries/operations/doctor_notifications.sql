-- How full the server's notification queue is, and who may stand in its way: it is kept until every listener has read it,
-- and a session within a transaction reads nothing. Rows: thousandths int4, sessions text
select (pg_notification_queue_usage() * 1000)::int4,
       (select coalesce(string_agg(format('%s (%s)', pid, coalesce(nullif(application_name, ''), usename, '?')), ', '), '')
        from (select pid, application_name, usename from pg_stat_activity
              where datname = current_database() and state like 'idle in transaction%' order by xact_start limit 3) a)
