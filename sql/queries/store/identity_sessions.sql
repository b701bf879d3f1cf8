-- Sessions by what their tokens hash to, or by id. $1 hashes bytea[], $2 ids uuid[]
-- Rows: hash, id, organization, principal, created_at, longest_at, idle, seen_at, remembered, agent, address, half,
-- ended_at, ended_why
select s.hash, s.id, s.organization, s.principal, s.created_at, s.longest_at, s.idle, s.seen_at, s.remembered, s.agent,
       s.address, s.half, s.ended_at, s.ended_why
from unnest($1::bytea[]) u(hash)
cross join lateral (select * from access.session k where k.hash = u.hash offset 0) s
where s.id is not null
union all
select s.hash, s.id, s.organization, s.principal, s.created_at, s.longest_at, s.idle, s.seen_at, s.remembered, s.agent,
       s.address, s.half, s.ended_at, s.ended_why
from unnest($2::uuid[]) u(id)
cross join lateral (select * from access.session k where k.id = u.id offset 0) s
