-- What charges_oracle.py reads: a query a file, which `-- NAME` names. Numbers stay millionths; flags are t or f.
-- $organization is put in by the test.

-- kinds
select code, valid_from, ends_on, position, basis, service, "of", unit, multiplied from facts.charge_kind
where organization = '$organization' order by n
-- contracts
select kind, company, house, account, valid_from, valid_to, is_off, meter_possible, quantity from facts.contract
where organization = '$organization' order by n
-- tariffs
select kind, company, house, valid_from, register, zones, up_to, price from facts.tariff
where organization = '$organization' order by n
-- norms
select kind, company, house, valid_from, rooms, residents, value from facts.norm
where organization = '$organization' order by n
-- multipliers
select kind, valid_from, value from facts.multiplier where organization = '$organization' order by n
-- undersupply
select kind, house, account, month, days from facts.undersupply where organization = '$organization' order by n
-- areas
select house, valid_from, total, common from facts.house_area where organization = '$organization' order by n
-- accounts
select number, company, house, area, rooms, residents, closed_on from facts.account
where organization = '$organization' order by id
-- meters
select m.id, a.number as account, m.service, m.registers, m.installed_on, m.verified_until, m.removed_on
from facts.meter m join facts.account a on a.id = m.account where m.organization = '$organization' order by m.id
-- volumes
select v.meter, v.month, v.volumes from views.month v join facts.meter m on m.id = v.meter
where m.organization = '$organization'
-- houses
select m.house, m.service, v.month, sum(v.volume)::int8 as volume
from facts.house_meter m join facts.house_month v on v.meter = m.id where m.organization = '$organization'
group by m.house, m.service, v.month
having count(*) = (select count(*) from facts.house_meter o
                   where (o.organization, o.house, o.service) = ('$organization', m.house, m.service))
-- posted
select a.number as account, e.kind, e.consumed, e.month, e.sort, e.line ->> 'm' as method, e.line -> 'g' ->> 't' as ground, e.amount,
       case when e.reverses is null then 1 else -1 end * (e.line ->> 'v')::int8 as volume
from facts.entry e join facts.account a on a.id = e.account
where a.organization = '$organization' and e.sort in ('charge', 'surcharge', 'recalculation') order by e.account, e.id
