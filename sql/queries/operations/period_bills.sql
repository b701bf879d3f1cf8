-- What the bills of a closed month came to. $1 organization text, $2 month date
-- Rows: none while the month is open, or bills, charged, recalculated, penalty, owed at its end by those who owe,
-- what could not be charged for want of data
select b.bills, b.charged, b.recalculated, b.penalty, b.owed, b.problems
from facts.period p
cross join lateral (
  select count(*) as bills, coalesce(sum(k.charged), 0)::int8 as charged,
         coalesce(sum(k.recalculated), 0)::int8 as recalculated, coalesce(sum(k.penalty), 0)::int8 as penalty,
         coalesce(sum(k.closing) filter (where k.closing > 0), 0)::int8 as owed,
         coalesce(sum(jsonb_array_length(k.problems)), 0)::int8 as problems
  from facts.bill k where k.organization = $1::text and k.month = $2::date and k.withdrawn_at is null) b
where p.organization = $1::text and p.month = $2::date and p.closed_at is not null
