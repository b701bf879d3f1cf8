-- How many accounts an organization has. $1 organization text. Rows: count
select count(*) from facts.account where organization = $1::text
