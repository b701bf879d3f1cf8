-- All meters of accounts. $1 account ids int8[]. Rows: account, id, service, number, registers, digits, decimals,
-- installed_on, verified_until, removed_on, initial
select m.account, m.id, m.service, m.number, m.registers, m.digits, m.decimals, m.installed_on, m.verified_until,
       m.removed_on, m.initial
from unnest($1::int8[]) u(account) join facts.meter m on m.account = u.account
order by m.id
