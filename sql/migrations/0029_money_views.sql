-- What people read of money. Balances are sums over the ledger: of what the last bill left and what was posted since.

create view views.entry as
select account, id, month, sort, kind, penalty, tranche, effective_on, amount, payment, reverses, reason, consumed, line from facts.entry;

create view views.bill as
select account, month, version, organization, closed_at, upto, due_on, paid_until, opening, charged, recalculated, penalty,
       paid, closing, card, problems
from facts.bill where withdrawn_at is null;

create view views.payment as
select id, organization, account, provider, number, amount, paid_on, received_at, month, purpose, reversed_by is not null as reversed
from facts.payment where account is not null;

-- What an account owes now; below zero, what it paid too much.
create view views.balance as
select a.id as account, coalesce(b.closing, 0) + coalesce(e.since, 0) as balance
from facts.account a
left join lateral (select k.closing, k.upto from facts.bill k where k.account = a.id and k.withdrawn_at is null
                   order by k.month desc limit 1) b on true
left join lateral (select sum(k.amount)::int8 as since from facts.entry k
                   where k.account = a.id and k.id > coalesce(b.upto, 0)) e on true;

create view views.supplier as
select n, organization, code, valid_from, name, inn, kpp, account, bank, bic, correspondent, address, phone, email, site, schedule
from facts.supplier;

create view views.charge_kind as
select n, organization, code, valid_from, ends_on, title, title_en, position, basis, service, "of", unit, supplier, separate
from facts.charge_kind;

create view views.tariff as
select n, organization, kind, company, house, valid_from, register, zones, up_to, price from facts.tariff;

-- Which kinds an account has, for what its holder sees of them.
create view views.contract as
select n, organization, kind, company, house, account, valid_from, valid_to, is_off from facts.contract;

create view views.norm as
select n, organization, kind, company, house, valid_from, rooms, residents, value from facts.norm;

grant select on views.entry, views.bill, views.payment, views.balance, views.supplier, views.charge_kind, views.contract, views.tariff,
  views.norm
  to kabinet_portal, kabinet_operator, kabinet_workers;
