-- The meters of accounts with the months that they were read of last: whose reading is still to be submitted (SF-143).
-- $1 accounts int8[]. Rows: account, id, removed_on, automatic, month (null: never): for each meter its two newest months that
-- count, and its two newest of readings that were taken for information only; by account and meter
select w.id, m.id, m.removed_on, m.automatic, r.month
from unnest($1::int8[]) as w (id)
cross join lateral (
  select k.id, k.removed_on, k.automatic from views.meter k where k.account = w.id offset 0
) m
left join lateral (
  (select e.month from views.reading e
   where e.meter = m.id and e.state = 'effective'
   order by e.month desc limit 2)
  union all
  (select o.month from views.reading o
   where o.meter = m.id and o.state <> 'effective' and o.state = 'noted'
   order by o.month desc limit 2)
) r on true
order by w.id, m.id
