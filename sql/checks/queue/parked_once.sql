-- A command waits in one hold, once. Rows: command, times
select command, count(*) as times
from (
  select p.command from queue.hold h join queue.parked p on p.hold = h.id and p.n > h.position
  union all
  select h.command from queue.hold h where h.command is not null
) w group by command having count(*) > 1
