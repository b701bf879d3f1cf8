-- $1 organization text, $2 month date. Rows: none, or closed bool
select closed_at is not null from facts.period where organization = $1::text and month = $2::date
