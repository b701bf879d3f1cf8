-- «Взаиморасчеты»: what was posted to an account up to an entry, by kind and month; what came before a first one together.
-- $1 account, $2 first id, $3 last id int8.
-- Rows: kind (null: money that is of none yet), month (null: before), opening, charged, recalculated, penalty, paid int8
select e.kind, case when e.id >= $2::int8 then e.month end as month,
       coalesce(sum(e.amount) filter (where e.id < $2::int8 or e.sort = 'opening'), 0)::int8,
       coalesce(sum(e.amount) filter (where e.id >= $2::int8 and e.sort in ('charge', 'surcharge')), 0)::int8,
       coalesce(sum(e.amount) filter (where e.id >= $2::int8 and e.sort = 'recalculation'), 0)::int8,
       coalesce(sum(e.amount) filter (where e.id >= $2::int8 and e.sort = 'penalty'), 0)::int8,
       coalesce(-sum(e.amount) filter (where e.id >= $2::int8
                                       and e.sort in ('payment', 'advance', 'offset', 'reversal')), 0)::int8
from views.entry e
where e.account = $1::int8 and e.id <= $3::int8
group by 1, 2
order by 1, 2
