-- Pauses a pool. $1 name, $2 actor, $3 why text. Rows: none when it is paused already, else one
insert into queue.pause (pool, actor, why) select id, $2::text, $3::text from queue.pool where name = $1::text
on conflict do nothing returning pool
