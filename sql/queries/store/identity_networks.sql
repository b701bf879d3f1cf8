-- Networks from which persons were signed in within the last 30 days. $1 persons int8[]. Rows: principal, address
select u.principal, s.address
from unnest($1::int8[]) u(principal)
cross join lateral (select distinct k.address from access.session k
                    where k.principal = u.principal and not k.half and k.address is not null
                      and coalesce(k.seen_at, k.created_at) > clock.now() - interval '30 days' offset 0) s
