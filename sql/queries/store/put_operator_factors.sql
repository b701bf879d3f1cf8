-- Second factors of operators as they are now. $1 operators int8[], $2 sealed secrets text[], $3 last_step int8[],
-- $4 enabled_at timestamptz[]
insert into identity.operator_totp (operator, secret, last_step, enabled_at)
select operator, secret, last_step, enabled_at
from unnest($1::int8[], $2::text[], $3::int8[], $4::timestamptz[]) u(operator, secret, last_step, enabled_at)
on conflict (operator) do update set secret = excluded.secret, last_step = excluded.last_step,
  enabled_at = excluded.enabled_at
