-- The billing months that an organization has opened, newest first. $1 organization text.
-- Rows: month, open now
select month, closed_at is null or closed_at > clock.now()
from views.period
where organization = $1::text and opened_at <= clock.now()
order by month desc limit 36
