-- Partitions that should be there and are not. Rows: name
select distinct name from queue.partition_missing order by name
