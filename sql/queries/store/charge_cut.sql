-- Cuts an organization's accounts into parts for a month's close, never through a house; those of no house by their ids.
-- In the order of bytes, whatever the database's own is: that of the index. Behind '/' comes '0'.
-- $1 organization text, $2 accounts in a part int8. Rows: first house, last house, first id, last id, accounts
with own as materialized (
  select a.id, coalesce(a.house, '') as house from facts.account a
  where (a.organization || '/' || coalesce(a.house, '')) collate "C" >= $1::text || '/'
    and (a.organization || '/' || coalesce(a.house, '')) collate "C" < $1::text || '0'
), houses as (
  select house, count(*) as accounts from own where house > '' group by 1
), parts as (
  select house, accounts, div(sum(accounts) over (order by house collate "C") - accounts, $2::int8) as part from houses
), strays as (
  select id, (row_number() over (order by id) - 1) / $2::int8 as part from own where house = ''
)
select min(house collate "C"), max(house collate "C"), 0::int8, 9223372036854775807, sum(accounts)::int8 from parts group by part
union all
select '', '', min(id), max(id), count(*) from strays group by part
order by 1, 3
