-- Abandoned commands by kind and cause, the most first. $1 kind, $2 organization text (null: any), $3 limit int8.
-- Rows: kind, cause text (the error with its numbers, ids and quotations masked), commands, subjects (held as a whole), parked
-- (behind them) int8, first, last timestamptz, newest command uuid, its error text
with held as materialized (
  select h.id, c.kind, queue.cause(h.error) as cause, h.since, h.command is null as whole, h.position
  from queue.hold h join queue.command c on c.id = h.head
  where h.state = 'abandoned' and ($1::text is null or c.kind = $1::text)
    and ($2::text is null or c.organization = $2::text)
), waiting as (
  -- In one go: to ask for each hold took most of the time.
  select p.hold, count(*) as count from held h join queue.parked p on p.hold = h.id and p.n > h.position
  where h.whole group by p.hold
)
select g.kind, g.cause, g.commands, g.subjects, g.parked, g.first, g.last, n.head, n.error
from (
  -- Holds are numbered as they come: the highest number is the newest.
  select h.kind, h.cause, count(*) as commands, count(*) filter (where h.whole) as subjects,
         coalesce(sum(greatest(w.count - 1, 0)), 0)::int8 as parked, min(h.since) as first, max(h.since) as last,
         max(h.id) as newest
  from held h left join waiting w on w.hold = h.id
  group by h.kind, h.cause) g
join queue.hold n on n.id = g.newest
order by g.commands desc, g.kind, g.cause limit $3::int8
