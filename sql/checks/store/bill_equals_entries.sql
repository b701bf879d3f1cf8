-- What a bill leaves is the sum of all entries up to it, and its parts are the sums of the month's.
select b.account, b.month, b.closing, e.closing as of_entries, b.charged, e.charged as entries_charged, b.penalty, e.penalty as entries_penalty
from facts.bill b
cross join lateral (
  select coalesce(sum(amount), 0) as closing,
         coalesce(sum(amount) filter (where month = b.month and sort in ('charge', 'surcharge')), 0) as charged,
         coalesce(sum(amount) filter (where month = b.month and sort = 'recalculation'), 0) as recalculated,
         coalesce(sum(amount) filter (where month = b.month and sort = 'penalty'), 0) as penalty,
         coalesce(-sum(amount) filter (where month = b.month and sort in ('payment', 'advance', 'offset', 'reversal')), 0) as paid
  from facts.entry where account = b.account and id <= b.upto) e
where b.withdrawn_at is null
  and (b.closing, b.charged, b.recalculated, b.penalty, b.paid) is distinct from
      (e.closing, e.charged, e.recalculated, e.penalty, e.paid)
