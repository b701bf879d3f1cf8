-- Partition upkeep. Rows: name of each partition made or dropped
select 'made ' || m from queue.make_partitions() m union all select 'dropped ' || d from queue.drop_partitions() d
