-- Whether lanes can be woken. Rows: pools, listeners int8
select (select count(*) from queue.pool),
       (select count(*) from pg_stat_activity where datname = current_database() and application_name = 'kabinet listener')
