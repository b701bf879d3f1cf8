-- All months of house meters, oldest first. $1 meters int8[]. Rows: meter, month, taken_on, value, rolled, volume
select h.meter, h.month, h.taken_on, h.value, h.rolled, h.volume
from unnest($1::int8[]) u(meter)
cross join lateral (select * from facts.house_month k where k.meter = u.meter offset 0) h
order by h.meter, h.month
