-- What still waits in a hold has no outcome yet. Rows: command, kind
select w.command, e.kind
from (
  select p.command from queue.hold h join queue.parked p on p.hold = h.id and p.n > h.position
  union all
  select h.command from queue.hold h where h.command is not null
) w join queue.exception e on e.command = w.command and e.kind in ('refused', 'result', 'discarded')
