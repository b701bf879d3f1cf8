-- All meters of accounts. $1 account ids int8[]. Rows: account, id, service, number, registers, digits, decimals,
-- installed_on, verified_until, removed_on, initial, automatic
select m.account, m.id, m.service, m.number, m.registers, m.digits, m.decimals, m.installed_on, m.verified_until,
       m.removed_on, m.initial, m.automatic
from unnest($1::int8[]) u(account)
cross join lateral (select * from facts.meter k where k.account = u.account offset 0) m
order by m.id
