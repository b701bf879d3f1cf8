-- How full the server's notification queue is. Rows: percent int4
select (pg_notification_queue_usage() * 100)::int4
