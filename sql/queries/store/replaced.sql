-- What was replaced within the months of readings that are to be deleted, newest first. $1 reading ids uuid[]
-- Rows: as `history`
select o.meter, o.id, o.month, o.taken_on, o.rolled, o.calculated_at is not null, o.values[1], o.values[2], o.values[3]
from facts.reading r
join facts.reading o on o.meter = r.meter and o.month = r.month and o.state = 'replaced'
where r.id = any ($1::uuid[])
order by o.received_at desc, o.id desc
