-- Days without a service. $1 organization text, $2 months date[], $3 houses text[], $4 numbers text[]
-- Rows: kind, house, account, month, days, why
select distinct on (k.kind, k.house, k.account, k.month) k.kind, k.house, k.account, k.month, k.days, k.why
from unnest($2::date[]) m(month)
cross join (select unnest($3::text[]) as house, '' as account union all select '', unnest($4::text[])) u
cross join lateral (select * from facts.undersupply k
                    where k.organization = $1::text and k.month = m.month and coalesce(k.house, '') = u.house
                      and coalesce(k.account, '') = u.account offset 0) k
order by k.kind, k.house, k.account, k.month, k.n desc
