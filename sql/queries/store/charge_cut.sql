-- Cuts an organization's accounts into parts for a month's close, never through a house; those of no house by their ids.
-- $1 organization text, $2 accounts in a part int8. Rows: first house, last house, first id, last id, accounts
with houses as (
  select coalesce(house, '') as house, count(*) as accounts
  from facts.account where organization = $1::text and coalesce(house, '') > '' group by 1
), parts as (
  select house, accounts, div(sum(accounts) over (order by house) - accounts, $2::int8) as part from houses
), strays as (
  select id, (row_number() over (order by id) - 1) / $2::int8 as part
  from facts.account where organization = $1::text and coalesce(house, '') = ''
)
select min(house), max(house), 0::int8, 9223372036854775807, sum(accounts)::int8 from parts group by part
union all
select '', '', min(id), max(id), count(*) from strays group by part
order by 1, 3
