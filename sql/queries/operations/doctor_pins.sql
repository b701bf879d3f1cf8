-- What keeps the server from cleaning up behind itself, and a queue's snapshots wide: sessions of this database, and those
-- of others that have written. $1 seconds int8 since when an open transaction counts; ten times that for one that works.
-- Rows: problem, cure text
select format('session %s of %s is %s for %s: %s', pid, coalesce(usename, '?'), state,
              date_trunc('second', clock_timestamp() - state_change), left(regexp_replace(query, '\s+', ' ', 'g'), 80)),
       format('select pg_terminate_backend(%s)', pid)
from pg_stat_activity
where (datname = current_database() or backend_xid is not null) and state like 'idle in transaction%'
  and state_change <= clock_timestamp() - $1::int8 * interval '1 second'
union all
select format('session %s of %s runs one transaction for %s: %s', pid, coalesce(usename, '?'),
              date_trunc('second', clock_timestamp() - xact_start), left(regexp_replace(query, '\s+', ' ', 'g'), 80)),
       format('select pg_terminate_backend(%s)', pid)
from pg_stat_activity
where (datname = current_database() or backend_xid is not null) and state = 'active'
  and backend_type = 'client backend' and pid <> pg_backend_pid()
  and xact_start <= clock_timestamp() - 10 * $1::int8 * interval '1 second'
union all
select format('replication slot %s is not used (xmin %s, wal from %s)', slot_name, coalesce(xmin, catalog_xmin),
              restart_lsn),
       format('select pg_drop_replication_slot(%L)', slot_name)
from pg_replication_slots where not active
union all
select format('prepared transaction %s of %s waits for %s', gid, owner,
              date_trunc('second', clock_timestamp() - prepared)),
       format('rollback prepared %L', gid)
from pg_prepared_xacts where database = current_database()
