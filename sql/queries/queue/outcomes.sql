-- The present state of commands. $1 ids uuid[]. Rows: id, kind, organization, actor, received_at, state (pending | done |
-- refused | abandoned | discarded; gone: its term is over), code, body, attempt; a command that was never there has no row
select c.id, c.kind, c.organization, c.actor, c.received_at,
       case when e.kind in ('refused', 'abandoned', 'discarded') then e.kind
            when e.kind = 'result' then 'done'
            when h.waits then 'pending'
            when queue.passed(c.pool, c.lane, c.xid, c.seq) then 'done'
            else 'pending' end as state,
       coalesce(e.code, '') as code, coalesce(e.body, '{}') as body, coalesce(e.attempt, 0) as attempt
from unnest($1::uuid[]) u(id)
-- OFFSET 0 keeps each step a look-up by its key, whatever was there when the plan was made (measured: 1,300,000 blocks for
-- a hundred commands, with 200,000 parked, by a plan from when none was).
cross join lateral (select * from queue.command k where k.id = u.id offset 0) c
left join lateral (
  select x.kind, x.code, x.body, x.attempt from queue.exception x
  where x.command = c.id order by x.at desc, x.attempt desc limit 1) e on true
left join lateral (
  select true as waits
  where exists (select from queue.hold w where w.command = c.id)
     or exists (select from (select hold, n from queue.parked k where k.command = c.id offset 0) p
                cross join lateral (select position from queue.hold k where k.id = p.hold offset 0) w
                where p.n > w.position)) h on true
union all
select p.id, p.kind, p.organization, '', p.received_at, 'gone', p.code, '{}', 0
from unnest($1::uuid[]) u(id) cross join lateral (select * from queue.past k where k.id = u.id offset 0) p
