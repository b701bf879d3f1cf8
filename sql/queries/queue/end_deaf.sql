-- Ends sessions of this role whose process does not take what the server sends it (it is stopped, or its machine is gone), while
-- they hold a transaction and with it a lane. The server waits for them to read without an end: neither the time that a
-- transaction may be idle nor that of a statement runs then. They have as long as a transaction may be idle, and are ended at
-- the second look, so that none is that was just about to read. $1 texts of those that the last look found text[].
-- Rows: session (process id and when its statement began), name text, ended bool
select d.session, d.application_name,
       case when d.session = any ($1::text[]) then pg_terminate_backend(d.pid) else false end
from (
  select pid, pid || ' ' || query_start as session, application_name
  from pg_stat_activity
  where usename = current_user and datname = current_database() and wait_event = 'ClientWrite' and xact_start is not null
    and current_setting('idle_in_transaction_session_timeout')::interval > interval '0'
    and query_start < clock_timestamp() - current_setting('idle_in_transaction_session_timeout')::interval) d
