-- Within 48 hours a key stands for one command, and that command was appended. Rows: key, command, other
-- A command's id begins with its milliseconds (UUIDv7).
with i as (
  select key, command, ('x' || left(replace(command::text, '-', ''), 12))::bit(48)::bigint as at from queue.idempotency
)
select encode(a.key, 'hex') as key, a.command, b.command as other
from i a join i b on b.key = a.key and b.command > a.command and b.at - a.at < 172800000
union all
select encode(i.key, 'hex'), i.command, null from queue.idempotency i
where not exists (select from queue.command c where c.id = i.command)
