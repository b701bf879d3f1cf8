-- Extensions of reading windows that may matter, and which organizations have houses with windows of their own.
-- $1 codes text[], $2 the earliest moment of the batch timestamptz
-- Rows: organization, company, house, given_on, until; a row without days: some house has a window of its own
select e.organization, e.company, e.house, e.given_on, e.until
from unnest($1::text[]) u(code)
cross join lateral (select * from facts.window_extension k
                    where k.organization = u.code and k.until >= ($2::timestamptz at time zone 'UTC')::date - 1 offset 0) e
union all
select u.code, null, null, null, null
from unnest($1::text[]) u(code)
where exists (select from facts.house_window k where k.organization = u.code offset 0)
