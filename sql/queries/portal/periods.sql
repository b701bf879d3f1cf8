-- The billing months that an organization has opened, newest first. $1 organization text.
-- Rows: month, open now. What o'clock it is, is asked once and not of every month.
select month, closed_at is null or closed_at > (select clock.now())
from views.period
where organization = $1::text and opened_at <= (select clock.now())
order by month desc limit 36
