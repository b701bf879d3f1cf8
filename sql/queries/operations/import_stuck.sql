-- Chunks of an import that will not be decided as things are: refused, discarded, abandoned or behind an abandoned one.
-- $1 job int8, $2 its commands uuid[]. Rows: open, stuck int8, command uuid (null: none), error text
select count(*), count(stuck.command), (array_agg(stuck.command) filter (where stuck.command is not null))[1],
       coalesce(max(stuck.error), '')
from unnest($2::uuid[]) u(id)
join queue.command c on c.id = u.id
join queue.pool p on p.id = c.pool
left join lateral (
  (select h.head as command, h.error from queue.hold h
   where h.pool = c.pool and h.lane in (c.lane, queue.lane(c.subject, p.lanes)) and h.state = 'abandoned'
     and (h.command = c.id or h.command is null and h.subject = c.subject) limit 1)
  union all
  (select e.command, e.kind || ' ' || e.code from queue.exception e
   where e.command = c.id and e.kind in ('refused', 'discarded') limit 1)
  limit 1) stuck on true
where not exists (select from operations.import_part p where p.job = $1::int8 and p.command = c.id)
