-- The readings that count, newest months first. $1 meter ids int8[], $2 how many of each int4[]
-- Rows: meter, id, month, taken_on, rolled, calculated, t1, t2, t3
select r.meter, r.id, r.month, r.taken_on, r.rolled, r.calculated_at is not null, r.values[1], r.values[2], r.values[3]
from unnest($1::int8[], $2::int4[]) u(meter, most) cross join lateral (
  select * from facts.reading where meter = u.meter and state = 'effective' order by month desc limit u.most) r
