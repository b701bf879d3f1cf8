-- A hold speaks of commands that are there, of its own lane and subject. Rows: hold, head
select h.id as hold, h.head from queue.hold h left join queue.command c on c.id = h.head
where (c.pool, c.lane, c.subject) is distinct from (h.pool, h.lane, h.subject)
   or h.command is not null and h.command <> h.head
