-- Windows that houses were given, newest first. $1 organizations, $2 houses text[], $3 the latest moment of the batch timestamptz
-- Rows: organization, house, at, from_day, to_day
select w.organization, w.house, w.at, w.from_day, w.to_day
from unnest($1::text[], $2::text[]) u(organization, house)
cross join lateral (select * from facts.house_window k
                    where k.organization = u.organization and k.house = u.house and k.at <= $3::timestamptz
                    order by k.at desc limit 12) w
