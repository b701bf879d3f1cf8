-- What day it is at accounts, and when their readings are taken (SF-152, SF-153): what operators made of their windows, as in
-- portal/windows, and the billing months of their organization, as in portal/periods. All of it in one statement, because to ask
-- what o'clock it is costs as much as the rest. $1 accounts int8[], $2 time zone text.
-- Rows: account, today date, from_day, to_day int2 (null: its house was given none), given_on, until int4[] of extensions that are
-- not over, open, closed int4[] of months; all in days since 1970-01-01
select a.id, t.today, w.from_day, w.to_day, e.given_on, e.until, p.open, p.closed
from (
  select n.now, (n.now at time zone $2::text)::date as today from (select clock.now() as now offset 0) n offset 0
) t
cross join unnest($1::int8[]) as wanted (id)
cross join lateral (
  select k.id, k.organization, k.company, k.house from views.account k where k.id = wanted.id offset 0
) a
left join lateral (
  select from_day, to_day from views.house_window k
  where k.organization = a.organization and k.house = a.house and k.at <= t.now
  order by k.at desc limit 1
) w on true
cross join lateral (
  select coalesce(array_agg(k.given_on - date '1970-01-01' order by k.given_on, k.until), '{}') as given_on,
         coalesce(array_agg(k.until - date '1970-01-01' order by k.given_on, k.until), '{}') as until
  from views.window_extension k
  where k.organization = a.organization and k.until >= t.today
    and (k.company is null or k.company = a.company) and (k.house is null or k.house = a.house)
) e
cross join lateral (
  select coalesce(array_agg(m.month - date '1970-01-01') filter (where m.is_open), '{}') as open,
         coalesce(array_agg(m.month - date '1970-01-01') filter (where not m.is_open), '{}') as closed
  from (
    select k.month, k.closed_at is null or k.closed_at > t.now as is_open
    from views.period k
    where k.organization = a.organization and k.opened_at <= t.now
    order by k.month desc limit 36
  ) m
) p
