-- Moments as people read them where an organization is. $1 organizations text[], $2 moments timestamptz[]
-- Rows: 2026-04-18T10:23:05+08:00, in the order asked
select to_char(l.local, 'YYYY-MM-DD"T"HH24:MI:SS')
       || case when l.off < interval '0' then '-' else '+' end
       || to_char(case when l.off < interval '0' then -l.off else l.off end, 'HH24:MI')
from unnest($1::text[], $2::timestamptz[]) with ordinality u(organization, moment, n)
left join lateral (select time_zone from access.organization k where k.code = u.organization) o on true
cross join lateral (select u.moment at time zone coalesce(o.time_zone, 'UTC') as local,
                           (u.moment at time zone coalesce(o.time_zone, 'UTC')) - (u.moment at time zone 'UTC') as off) l
order by u.n
