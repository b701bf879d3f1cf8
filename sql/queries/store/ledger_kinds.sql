-- What postings must know of charge kinds: the newest row of each. $1 organizations text[]
-- Rows: organization, code, penalty, separate, supplier, unit
select distinct on (k.organization, k.code) k.organization, k.code, k.penalty, k.separate, k.supplier, k.unit
from unnest($1::text[]) u(organization)
cross join lateral (select * from facts.charge_kind c where c.organization = u.organization offset 0) k
order by k.organization, k.code, k.valid_from desc, k.n desc
