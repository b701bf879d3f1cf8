-- The newest letters that stayed here instead of leaving. $1 rows at most int4.
-- Rows: command, at (UTC, RFC 3339), recipient, title, text, channel, attachment, attachment_bytes int4
select command, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), recipient, title, text, channel,
       attachment, attachment_bytes
from operations.outbox
order by at desc, command desc limit $1::int4
