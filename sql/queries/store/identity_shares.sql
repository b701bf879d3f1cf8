-- Shares by id, and those of owners that are not ended. $1 ids uuid[], $2 owners int8[]
-- Rows: id, organization, account, number, owner, email, rights text[], principal, invited_at, expires_at, ended_at
select s.id, s.organization, s.account, a.number, s.owner, s.email, s.rights, s.principal, s.invited_at, s.expires_at,
       s.ended_at
from (select k.* from unnest($1::uuid[]) u(id)
      cross join lateral (select * from identity.share k where k.id = u.id offset 0) k
      union
      select k.* from unnest($2::int8[]) u(owner)
      cross join lateral (select * from identity.share k where k.owner = u.owner and k.ended_at is null offset 0) k) s
cross join lateral (select number from facts.account k where k.id = s.account offset 0) a
