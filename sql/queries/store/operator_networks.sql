-- Networks from which operators were signed in within the last 30 days, the second factor with it. $1 operators int8[].
-- Rows: operator, address
select distinct s.operator, s.address
from access.operator_session s
where s.operator = any ($1::int8[]) and s.half is distinct from 'code' and s.address is not null
  and s.seen_at > clock.now() - interval '30 days'
