-- What people tried in the open billing month (or, where none is open, in the last 31 days) and
-- was refused, newest first.
-- $1 meters int8[], $2 rows a meter at most int4, $3 time zone text, $4 organization text.
-- Rows: meter, id, received (local, RFC 3339), channel, typed jsonb, code, body jsonb
select a.meter, a.id,
       to_char(a.received_at at time zone $3::text, 'YYYY-MM-DD"T"HH24:MI:SS')
         || case when zone.ahead < interval '0' then '-' else '+' end
         || to_char(greatest(zone.ahead, -zone.ahead), 'HH24:MI'),
       a.channel, a.typed, a.code, a.body
from unnest($1::int8[]) as wanted (meter)
cross join lateral (
  select * from views.attempt t
  where t.meter = wanted.meter
    and t.received_at >= coalesce(
      (select max(p.opened_at) from views.period p
       where p.organization = $4::text and p.opened_at <= clock.now()
         and (p.closed_at is null or p.closed_at > clock.now())),
      clock.now() - interval '31 days')
  order by t.received_at desc limit $2::int4
) a
cross join lateral (
  select (a.received_at at time zone $3::text) - (a.received_at at time zone 'UTC') as ahead
) zone
order by a.meter, a.received_at desc
