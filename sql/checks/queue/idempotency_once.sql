-- Within the days that a look-up reads, a key stands for one command, and that command was appended.
-- Rows: key, command, other
select encode(a.key, 'hex') as key, a.command, b.command as other
from queue.idempotency a join queue.idempotency b on b.key = a.key and b.day > a.day and b.day - a.day <= 2
where b.command <> a.command
union all
select encode(i.key, 'hex'), i.command, null from queue.idempotency i
where not exists (select from queue.command c where c.id = i.command)
