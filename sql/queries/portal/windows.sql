-- What operators made of the reading window of an account. $1 account int8, $2 the organization's zone text.
-- Rows: the window that its house was given last (from_day, to_day int2; null, null: none, or that of its company again)
-- with an extension that is not over, or for 31 days at most: until when readings were taken is told behind it too (given_on,
-- until date; null, null: none); at least one
select w.from_day, w.to_day, e.given_on, e.until
from (select organization, company, house from views.account where id = $1::int8) a
left join lateral (
  select from_day, to_day from views.house_window k
  where k.organization = a.organization and k.house = a.house and k.at <= clock.now()
  order by k.at desc limit 1
) w on true
left join lateral (
  select given_on, until from views.window_extension k
  where k.organization = a.organization and k.until >= (clock.now() at time zone $2::text)::date - 31
    and (k.company is null or k.company = a.company) and (k.house is null or k.house = a.house)
  offset 0
) e on true
