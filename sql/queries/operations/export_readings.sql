-- Readings that came, or became something else, in the order of seq; a row a register. $1 organization text, $2 after n,
-- $3 up to n int8, $4 not before timestamptz (null: all), $5 limit int8 of readings.
-- Rows: n, account, service, meter, register, month, taken_on, value, state, channel, received_at, id
select r.seq, a.number, m.service, m.number, 'T' || v.place, r.month, r.taken_on, v.value, r.state, r.channel, r.received_at, r.id
from (
  select k.* from facts.reading k join facts.meter o on o.id = k.meter
  where o.organization = $1::text and k.seq > $2::int8 and k.seq <= $3::int8
    and ($4::timestamptz is null or k.received_at >= $4::timestamptz)
  order by k.seq limit $5::int8
) r
join facts.meter m on m.id = r.meter
join facts.account a on a.id = r.account
cross join lateral unnest(r.values) with ordinality v(value, place)
order by r.seq, v.place
