-- The commands of notices, for those that fall back to the other channel. $1 commands uuid[].
-- Rows: id, kind, payload, actor, channel, received_at
select id, kind, payload, actor, channel, received_at from queue.command where id = any ($1::uuid[])
