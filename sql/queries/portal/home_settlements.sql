-- How the services of accounts stand (SF-100): what the newest bill's month, or this one where there is none, and all that came
-- since did to each kind's balance. $1 accounts int8[], $2 time zone text.
-- Rows: account, kind (null: money that is of none yet), month (the first that is meant), opening, charged, recalculated, penalty,
-- paid, overdue (of debts of the months before, without the penalties that were posted since) int8; by account
select w.id, e.kind, f.month, e.opening, e.charged, e.recalculated, e.penalty, e.paid, e.overdue
from (select date_trunc('month', clock.now() at time zone $2::text)::date as month offset 0) now
cross join unnest($1::int8[]) as w (id)
cross join lateral (
  -- Entries are numbered by months: a million of each.
  select n.month, (date_part('year', n.month) * 12 + date_part('month', n.month) - 1)::int8 * 1000000 as first
  from (select coalesce((select b.month from views.bill b where b.account = w.id order by b.month desc limit 1),
                        now.month) as month offset 0) n
  offset 0
) f
cross join lateral (
  select k.kind,
         coalesce(sum(k.amount) filter (where k.id < f.first or k.sort = 'opening'), 0)::int8 as opening,
         coalesce(sum(k.amount) filter (where k.id >= f.first and k.sort in ('charge', 'surcharge')), 0)::int8 as charged,
         coalesce(sum(k.amount) filter (where k.id >= f.first and k.sort = 'recalculation'), 0)::int8 as recalculated,
         coalesce(sum(k.amount) filter (where k.id >= f.first and k.sort = 'penalty'), 0)::int8 as penalty,
         coalesce(-sum(k.amount) filter (where k.id >= f.first
                                         and k.sort in ('payment', 'advance', 'offset', 'reversal')), 0)::int8 as paid,
         coalesce(sum(k.amount) filter (where k.tranche < f.month and (k.id < f.first or k.sort <> 'penalty')), 0)::int8
           as overdue
  from views.entry k
  where k.account = w.id
  group by k.kind
) e
order by w.id, e.kind collate "C"
