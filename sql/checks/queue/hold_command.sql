-- A hold speaks of commands that are there, of its own subject, and lies in that subject's lane: the one that its commands
-- were placed in, until a resize of the pool ends. Rows: hold, head
select h.id as hold, h.head from queue.hold h left join queue.command c on c.id = h.head left join queue.pool p on p.id = h.pool
where (c.pool, c.subject) is distinct from (h.pool, h.subject)
   or h.lane is distinct from queue.lane(h.subject, coalesce(
      (select r.lanes_before from queue.resize r where r.pool = h.pool and r.ended_at is null), p.lanes))
   or h.command is not null and h.command <> h.head
