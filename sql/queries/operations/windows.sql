-- Windows of houses in force and extensions that are not over. $1 organization text
-- Rows: house, from_day, to_day int2, company text, until date, at timestamptz, actor, why text, given_on date; of a window
-- neither `until` nor `given_on`
select w.house, w.from_day, w.to_day, null::text, null::date, w.at, w.actor, w.why, null::date
from (
  select distinct on (house) house, from_day, to_day, at, actor, why
  from facts.house_window where organization = $1::text order by house, at desc
) w
where w.from_day is not null
union all
select e.house, null, null, e.company, e.until, e.at, e.actor, e.why, e.given_on
from facts.window_extension e
where e.organization = $1::text and e.until >= (clock.now() at time zone 'UTC')::date
order by 6 desc
