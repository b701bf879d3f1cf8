-- Whether there is a pool. $1 name text. Rows: one or none
select from queue.pool where name = $1::text
