-- An organization's local day, and whether a month of it is closed. $1 organization text, $2 month date
-- Rows: today date, closed bool
select (clock.now() at time zone o.time_zone)::date,
       exists (select from facts.period p where p.organization = o.code and p.month = $2::date and p.closed_at is not null)
from access.organization o where o.code = $1::text
