-- When sessions ended, or will if nobody comes any more. $1 ids uuid[]. Rows: id, ends timestamptz
select s.id, least(s.ended_at, s.expires_at)
from unnest($1::uuid[]) u(id)
cross join lateral (select id, ended_at, expires_at from access.session k where k.id = u.id offset 0) s
