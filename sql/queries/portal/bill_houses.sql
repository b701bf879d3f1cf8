-- What the meters of houses told of months, by service. $1 organizations, $2 houses text[], $3 months date[].
-- Rows: place int8 (from 1), service, volume int8 (millionths)
select u.place, m.service, sum(h.volume)::int8
from unnest($1::text[], $2::text[], $3::date[]) with ordinality u(organization, house, month, place)
cross join lateral (
  select * from views.house_meter k where k.organization || '/' || k.house = u.organization || '/' || u.house offset 0) m
cross join lateral (select * from views.house_month k where k.meter = m.id and k.month = u.month offset 0) h
group by 1, 2
order by 1, 2
