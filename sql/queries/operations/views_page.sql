-- The next accounts to check, by id. $1 organization text (null: all), $2 after int8, $3 how many int8.
-- Rows: one: last int8 (null: there are none), accounts int8
select max(id), count(*) from (
  select id from facts.account where id > $2::int8 and ($1::text is null or organization = $1::text)
  order by id limit $3::int8) p
