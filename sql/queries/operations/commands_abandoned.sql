-- Abandoned commands by kind and cause, the most first. $1 kind, $2 organization text (null: any), $3 limit int8.
-- Rows: kind, cause text (the error with its numbers, ids and quotations masked), commands, subjects (held as a whole), parked
-- (behind them) int8, first, last timestamptz, newest command uuid, its error text
select kind, cause, count(*), count(*) filter (where whole), coalesce(sum(parked), 0)::int8, min(since), max(since),
       (array_agg(head order by since desc, head desc))[1], (array_agg(error order by since desc, head desc))[1]
from (
  select c.kind, queue.cause(h.error) as cause, h.error, h.head, h.since, h.command is null as whole,
         case when h.command is null then
           (select greatest(count(*) - 1, 0) from queue.parked p where p.hold = h.id and p.n > h.position) end as parked
  from queue.hold h join queue.command c on c.id = h.head
  where h.state = 'abandoned' and ($1::text is null or c.kind = $1::text)
    and ($2::text is null or c.organization = $2::text)) h
group by kind, cause order by count(*) desc, kind, cause limit $3::int8
