-- What meters of houses told of months, newest first. $1 meters int8[], $2 months of each at most int4.
-- Rows: meter, month, taken_on, value int8 (null: only the volume is known), volume int8
select h.meter, h.month, h.taken_on, h.value, h.volume
from unnest($1::int8[]) as wanted (meter)
cross join lateral (
  select * from views.house_month k where k.meter = wanted.meter order by k.month desc limit $2::int4
) h
order by h.meter, h.month desc
