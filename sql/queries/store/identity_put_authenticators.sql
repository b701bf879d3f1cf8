-- Second factors as they are now. $1 rows jsonb (one without a secret has none any more)
with given as (
  select * from jsonb_to_recordset($1::jsonb) r(principal int8, secret text, last_step int8, enabled_at int8, recovery jsonb)
), gone as (
  delete from identity.totp where principal = any (array(select principal from given where secret is null))
)
insert into identity.totp (principal, secret, last_step, enabled_at, recovery)
select principal, secret, last_step, identity.moment(enabled_at),
       array(select decode(h, 'hex') from jsonb_array_elements_text(recovery) with ordinality as e(h, n) order by n)
from given where secret is not null
on conflict (principal) do update set secret = excluded.secret, last_step = excluded.last_step,
  enabled_at = excluded.enabled_at, recovery = excluded.recovery
