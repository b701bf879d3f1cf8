-- Partition upkeep. Rows: what was made, moved, dropped or swept
select 'made ' || m from queue.make_partitions() m union all select 'dropped ' || d from queue.drop_partitions() d
union all select r from queue.rotate_batches() r union all select 'swept ' || s from queue.sweep() s
