-- Dated rows of an organization, eldest first. $1 organization text, $2 houses, $3 numbers of accounts text[]: rows of others are
-- left out. Rows: kind, company, house, account, valid_from, valid_to, is_off, meter_possible, quantity
select k.kind, k.company, k.house, k.account, k.valid_from, k.valid_to, k.is_off, k.meter_possible, k.quantity
from (
  select k.* from (select '' as house union all select unnest($2::text[])) u
  cross join lateral (select * from facts.contract k
                      where k.organization = $1::text and coalesce(k.account, '') = '' and coalesce(k.house, '') = u.house offset 0) k
  union all
  select k.* from unnest($3::text[]) u(account)
  cross join lateral (select * from facts.contract k
                      where k.organization = $1::text and coalesce(k.account, '') = u.account offset 0) k
) k
order by k.n
