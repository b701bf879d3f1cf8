-- Accounts by their exact numbers. $1 organizations, $2 numbers text[]. Rows: place int8 (from 1), id
select u.place, a.id
from unnest($1::text[], $2::text[]) with ordinality u(organization, number, place)
cross join lateral (select k.id from facts.account k where k.organization = u.organization and k.number = u.number offset 0) a
order by u.place
