-- How the services of an account stand (SF-100): what its newest bill's month, or this one where it has none, and all that came
-- since did to each kind's balance. $1 account int8, $2 time zone text.
-- Rows: kind (null: money that is of none yet), month (the first that is meant), opening, charged, recalculated, penalty,
-- paid, overdue (of debts of the months before, without the penalties that were posted since) int8
select e.kind, f.month,
       coalesce(sum(e.amount) filter (where e.id < f.first or e.sort = 'opening'), 0)::int8,
       coalesce(sum(e.amount) filter (where e.id >= f.first and e.sort in ('charge', 'surcharge')), 0)::int8,
       coalesce(sum(e.amount) filter (where e.id >= f.first and e.sort = 'recalculation'), 0)::int8,
       coalesce(sum(e.amount) filter (where e.id >= f.first and e.sort = 'penalty'), 0)::int8,
       coalesce(-sum(e.amount) filter (where e.id >= f.first
                                       and e.sort in ('payment', 'advance', 'offset', 'reversal')), 0)::int8,
       coalesce(sum(e.amount) filter (where e.tranche < f.month and (e.id < f.first or e.sort <> 'penalty')), 0)::int8
from (
  -- Entries are numbered by months: a million of each.
  select n.month, (extract(year from n.month) * 12 + extract(month from n.month) - 1)::int8 * 1000000 as first
  from (select coalesce((select b.month from views.bill b where b.account = $1::int8 order by b.month desc limit 1),
                        date_trunc('month', clock.now() at time zone $2::text)::date) as month offset 0) n
  offset 0
) f
cross join views.entry e
where e.account = $1::int8
group by 1, 2
order by 1
