-- What meters used, newest month first, up to a month. $1 meters int8[], $2 month date, $3 how many months int4
-- Rows: meter, month, taken_on, values, volumes
select v.meter, v.month, v.taken_on, v.values, v.volumes
from unnest($1::int8[]) with ordinality u(meter, place)
cross join lateral (select * from views.month k where k.meter = u.meter and k.month <= $2::date
                    order by k.month desc limit $3::int4) v
order by u.place, v.month desc
