-- The newest letters that stayed here. $1 limit int8. Rows: command, at, recipient, title, text, channel
select command, at, recipient, title, text, channel from operations.outbox order by at desc, command limit $1::int8
