-- What an operator did to a command. $1 command uuid, $2 kind text (retried | discarded), $3 body jsonb
insert into queue.exception (command, kind, body) values ($1::uuid, $2::text, $3::jsonb)
