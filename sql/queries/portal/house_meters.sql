-- The meters of an account's house, working ones first. $1 account int8.
-- Rows: id, service, number, digits int2, decimals int2, ratio int4, installed_on, verified_until, removed_on, initial int8
select m.id, m.service, m.number, m.digits, m.decimals, m.ratio, m.installed_on, m.verified_until, m.removed_on, m.initial
from (select organization, house from views.account where id = $1::int8) a
cross join lateral (select * from views.house_meter k
                    where k.organization || '/' || k.house = a.organization || '/' || a.house offset 0) m
order by m.removed_on desc nulls first, m.number, m.id
