-- The next commands of a job as they stand now. $1 job int8, $2 lane int2, $3 position, $4 limit int8.
-- Rows: n, the columns of queue/claim without held, pool, lane int2, state, code text, placed bool (a pool takes its kind),
-- delivers bool (that pool calls the outside), account text (may be null)
select r.n, c.id, c.xid, c.seq, c.kind, c.organization, c.subject, c.payload, c.actor, c.channel, c.trace, c.cause,
       c.awaited, c.received_at, c.pool,
       -- A resize moves holds, not commands.
       coalesce((select h.lane from queue.hold h where h.id = s.hold), c.lane), s.state, s.code, p.id is not null, coalesce(p.mode = 'delivery', false),
       c.payload->>'account'
from (
  select n, command from operations.reprocess_row where job = $1::int8 and lane = $2::int2 and n > $3::int8
  order by n limit $4::int8) r
join queue.command c on c.id = r.command
cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
left join queue.kind k on k.kind = c.kind
left join queue.pool p on p.id = k.pool
order by r.n
