-- The zones of houses that a batch moves accounts into. $1 organizations, $2 codes text[]. Rows: organization, code, zone
select u.organization, u.code, h.time_zone
from unnest($1::text[], $2::text[]) u(organization, code)
cross join lateral (select time_zone from facts.house k
                    where k.organization = u.organization and k.code = u.code and k.time_zone is not null offset 0) h
