-- Accounts by their exact numbers. $1 organizations, $2 numbers, $3 stripped numbers text[]. Rows: place int8 (from 1), id
select u.place, a.id
from unnest($1::text[], $2::text[], $3::text[]) with ordinality u(organization, number, stripped, place)
cross join lateral (select k.id, k.number from facts.account k
                    where k.organization = u.organization and k.stripped = u.stripped offset 0) a
where a.number = u.number
order by u.place
