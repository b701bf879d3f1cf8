-- Days without a service. $1 organization text, $2 months date[], $3 houses text[], $4 numbers text[]
-- Rows: kind, house, account, month, days
select distinct on (u.kind, u.house, u.account, u.month) u.kind, u.house, u.account, u.month, u.days
from facts.undersupply u
where u.organization = $1::text and u.month = any ($2::date[])
  and (u.house = any ($3::text[]) or u.account = any ($4::text[]))
order by u.kind, u.house, u.account, u.month, u.n desc
