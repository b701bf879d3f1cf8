-- How often operators were wrong. $1 organizations, $2 whats text[].
-- Rows: organization, what, count int4, since, rests int4, rests_until (may be null)
select f.organization, f.what, f.count, f.since, f.rests, f.rests_until
from unnest($1::text[], $2::text[]) u(organization, what)
join identity.failure f on f.organization = u.organization and f.what = u.what
