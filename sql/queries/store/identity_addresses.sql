-- The accounts that an address owns, by whichever person. $1 organizations, $2 addresses in lower case text[]
-- Rows: organization, address, account
select distinct u.organization, u.email, a.account
from unnest($1::text[], $2::text[]) u(organization, email)
cross join lateral (select id from access.principal k where k.organization = u.organization and k.email_key = u.email
                    offset 0) p
cross join lateral (select account from access.attachment k where k.principal = p.id and k.owner offset 0) a
