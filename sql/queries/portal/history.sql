-- Readings of meters with their volumes, newest month first; deleted ones are gone for people.
-- Each half goes by its own partial index, as far back as it is asked to.
-- $1 meters int8[], $2 rows a meter and half at most int4, $3 time zone text.
-- Rows: meter, id, month, taken_on, received (local, RFC 3339), state, channel,
-- values int8[], calculated, volumes int8[] (null: it does not count), entry_lives
select r.meter, r.id, r.month, r.taken_on,
       to_char(r.received_at at time zone $3::text, 'YYYY-MM-DD"T"HH24:MI:SS')
         || case when zone.ahead < interval '0' then '-' else '+' end
         || to_char(greatest(zone.ahead, -zone.ahead), 'HH24:MI'),
       r.state, r.channel, r.values, r.calculated, m.volumes, r.entry_lives
from unnest($1::int8[]) as wanted (meter)
cross join lateral (
  (select * from views.reading e
   where e.meter = wanted.meter and e.state = 'effective'
   order by e.month desc limit $2::int4)
  union all
  (select * from views.reading o
   where o.meter = wanted.meter and o.state <> 'effective' and o.state <> 'deleted'
   order by o.month desc limit $2::int4)
) r
cross join lateral (
  select (r.received_at at time zone $3::text) - (r.received_at at time zone 'UTC') as ahead
) zone
-- OFFSET 0 keeps it a look-up by its key, whatever was there when the plan was made.
left join lateral (
  select volumes from views.month k
  where k.meter = r.meter and k.month = r.month and k.reading = r.id offset 0
) m on true
order by r.meter, r.month desc, r.received_at desc
