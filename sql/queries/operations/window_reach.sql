-- Whom an extension of a reading window would reach. $1 organization, $2 company, $3 house text (null: all)
-- Rows: accounts, houses int8
select count(*), count(distinct house)
from facts.account
where organization = $1::text and closed_on is null
  and ($2::text is null or company = $2::text) and ($3::text is null or house = $3::text)
