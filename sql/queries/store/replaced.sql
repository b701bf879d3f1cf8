-- What was replaced within months, for meters whose readings are to be deleted, newest first. $1 meter ids int8[]
-- Rows: as `history`
select o.meter, o.id, o.month, o.taken_on, o.rolled, o.calculated_at is not null, o.values[1], o.values[2], o.values[3]
from unnest($1::int8[]) u(meter)
cross join lateral (select * from facts.reading k where k.meter = u.meter and k.state = 'replaced' offset 0) o
order by o.received_at desc, o.id desc
