-- The meters of an account with the months that they were read of last: whose reading is still to be submitted (SF-143).
-- $1 account int8. Rows: meter, removed_on, automatic, month (null: never): for each meter its two newest months that count, and
-- its two newest of readings that were taken for information only
select m.id, m.removed_on, m.automatic, r.month
from (select id, removed_on, automatic from views.meter where account = $1::int8 offset 0) m
left join lateral (
  (select e.month from views.reading e
   where e.meter = m.id and e.state = 'effective'
   order by e.month desc limit 2)
  union all
  (select o.month from views.reading o
   where o.meter = m.id and o.state <> 'effective' and o.state = 'noted'
   order by o.month desc limit 2)
) r on true
order by m.id
