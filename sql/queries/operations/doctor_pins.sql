-- What keeps the server from cleaning up behind itself, and a queue's snapshots wide. Rows: problem text
select format('session %s of %s is %s for %s: %s', pid, coalesce(usename, '?'), state,
              date_trunc('second', clock_timestamp() - state_change), left(regexp_replace(query, '\s+', ' ', 'g'), 80))
from pg_stat_activity
where datname = current_database() and state like 'idle in transaction%'
  and state_change < clock_timestamp() - interval '1 minute'
union all
select format('session %s of %s runs one transaction for %s: %s', pid, coalesce(usename, '?'),
              date_trunc('second', clock_timestamp() - xact_start), left(regexp_replace(query, '\s+', ' ', 'g'), 80))
from pg_stat_activity
where datname = current_database() and state = 'active' and backend_type = 'client backend'
  and xact_start < clock_timestamp() - interval '10 minutes'
union all
select format('replication slot %s is not used (xmin %s, wal from %s)', slot_name, coalesce(xmin, catalog_xmin),
              restart_lsn)
from pg_replication_slots where not active
union all
select format('prepared transaction %s of %s waits for %s', gid, owner,
              date_trunc('second', clock_timestamp() - prepared))
from pg_prepared_xacts where database = current_database()
