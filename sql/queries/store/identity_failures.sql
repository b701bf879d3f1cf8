-- How often something was wrong. $1 organizations, $2 whats text[]. Rows: organization, what, count, since, rests, rests_until
select f.organization, f.what, f.count, f.since, f.rests, f.rests_until
from unnest($1::text[], $2::text[]) u(organization, what)
cross join lateral (select * from identity.failure k where k.organization = u.organization and k.what = u.what offset 0) f
