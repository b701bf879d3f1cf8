-- Which meter numbers are taken. $1 organizations, $2 services, $3 numbers text[]. Rows: organization, service, number, account
select m.organization, m.service, m.number, m.account
from unnest($1::text[], $2::text[], $3::text[]) u(organization, service, number)
join facts.meter m on m.organization = u.organization and m.service = u.service and m.number = u.number
