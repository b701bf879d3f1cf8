-- Commands with all that is known of them. $1 ids uuid[].
-- Rows: id, kind, organization, subject, pool int2, pool name, lane int2 (of its hold, if one keeps it), payload, actor,
-- channel, trace, cause (both may be null), received_at, made_at, state, code, body, attempt, error, hold int8 (null: none)
select c.id, c.kind, c.organization, c.subject, c.pool, p.name,
       -- A resize moves holds, and no commands.
       coalesce((select h.lane from queue.hold h where h.id = s.hold), c.lane),
       c.payload, c.actor, c.channel, c.trace, c.cause,
       c.received_at, queue.made_at(c.id), s.state, s.code, s.body, s.attempt, s.error, s.hold
from unnest($1::uuid[]) with ordinality u(id, o)
join queue.command c on c.id = u.id
join queue.pool p on p.id = c.pool
cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
order by u.o
