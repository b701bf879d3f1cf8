-- The readings that count of given months, for dates older than the newest. $1 meter ids int8[], $2 months date[]
-- Rows: as `history`
select r.meter, r.id, r.month, r.taken_on, r.rolled, r.calculated_at is not null, r.values[1], r.values[2], r.values[3]
from unnest($1::int8[], $2::date[]) u(meter, month)
cross join lateral (select * from facts.reading k
                    where k.meter = u.meter and k.month = u.month and k.state = 'effective' offset 0) r
