-- Whether the cursors speak of this server. Rows: same bool
select o.system_identifier = (select system_identifier from pg_control_system()) from queue.origin o
