-- The cursors speak of this server's transaction ids. Rows: system_identifier
select o.system_identifier from queue.origin o
where o.system_identifier <> (select system_identifier from pg_control_system())
