-- Their billing months, newest 36. $1 codes text[]. Rows: organization, month, opened_at, closed_at
select p.organization, p.month, p.opened_at, p.closed_at
from unnest($1::text[]) u(code) cross join lateral (
  select * from facts.period where organization = u.code order by month desc limit 36) p
