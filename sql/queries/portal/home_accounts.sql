-- Accounts as «Главная» shows them (SF-101, SF-102), each with what it owes now (SF-106). $1 ids int8[], $2 time zone text.
-- Rows: those of portal/account (id, number, company, surname, name, patronymic, address, apartment, closed_on, today, house,
-- area int8 (millionths), residents int, ownership), then balance int8 (kopecks, below zero what was paid too much)
select a.id, a.number, a.company, a.surname, a.name, a.patronymic, a.address, a.apartment, a.closed_on, d.today, a.house, a.area,
       a.residents, a.ownership, b.balance
from (select (clock.now() at time zone $2::text)::date as today offset 0) d
cross join unnest($1::int8[]) as wanted (id)
cross join lateral (select * from views.account k where k.id = wanted.id offset 0) a
cross join lateral (select * from views.balance v where v.account = wanted.id offset 0) b
order by a.number
