-- The command that a hold of a subject is about stands first among those that wait in it; an empty hold has ended.
-- Rows: hold, head, first
select h.id as hold, h.head, p.command as first
from queue.hold h left join lateral (
  select q.command from queue.parked q where q.hold = h.id and q.n > h.position order by q.n limit 1) p on true
where h.command is null and (p.command is null or h.attempt > 0 and p.command <> h.head)
