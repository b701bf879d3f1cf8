-- House meters by service and number. $1 organization text, $2 services, $3 numbers text[]
-- Rows: id, house, service, number, digits, decimals, ratio, installed_on, verified_until, removed_on, initial
select m.id, m.house, m.service, m.number, m.digits, m.decimals, m.ratio, m.installed_on, m.verified_until, m.removed_on,
       m.initial
from unnest($2::text[], $3::text[]) u(service, number)
cross join lateral (select * from facts.house_meter k
                    where k.organization = $1::text and k.service = u.service and k.number = u.number offset 0) m
