-- The next hold of a lane whose time has come and whose next command is of a kind that this process knows, among the first
-- hundred: asked where `due` gave one of another kind. $1 pool, $2 lane int2, $3 kinds text[].
-- Rows: id, subject, command, attempt, position
select h.id, h.subject, h.command, h.attempt, h.position
from (select * from queue.hold
      where pool = $1::int2 and lane = $2::int2 and state = 'waiting' and next_at <= statement_timestamp()
      order by next_at limit 100) h
cross join lateral (
  select coalesce(h.command, (select q.command from queue.parked q where q.hold = h.id and q.n > h.position
                              order by q.n limit 1)) as id) n
join queue.command c on c.id = n.id
where c.kind = any ($3::text[])
order by h.next_at limit 1
