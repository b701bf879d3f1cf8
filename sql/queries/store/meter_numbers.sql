-- Which meter numbers are taken. $1 organizations, $2 services, $3 numbers text[]. Rows: organization, service, number, account
select u.organization, u.service, u.number, m.account
from unnest($1::text[], $2::text[], $3::text[]) u(organization, service, number)
cross join lateral (select account from facts.meter k
                    where k.organization = u.organization and k.service = u.service and k.number = u.number offset 0) m
