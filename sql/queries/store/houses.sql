-- The zones of houses that a batch moves accounts into. $1 organizations, $2 codes text[]. Rows: organization, code, zone
select h.organization, h.code, h.time_zone
from unnest($1::text[], $2::text[]) u(organization, code)
join facts.house h on h.organization = u.organization and h.code = u.code
where h.time_zone is not null
