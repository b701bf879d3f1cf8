-- Sessions of the system by what they are for: what /health/ready tells of lanes. Rows: name, sessions
select application_name, count(*) from pg_stat_activity
where application_name like 'kabinet %' group by 1 order by 1
