-- Accounts with what «Личные данные» shows of them (SF-081). $1 ids int8[].
-- Rows: id, number, company, surname, name, patronymic, address, apartment, closed_on, area int8 (millionths), rooms int,
-- residents int, phone, email (as the organization's base has them)
select a.id, a.number, a.company, a.surname, a.name, a.patronymic, a.address, a.apartment, a.closed_on, a.area, a.rooms,
       a.residents, c.phone, c.email
from unnest($1::int8[]) as wanted (id)
cross join lateral (select * from views.account k where k.id = wanted.id offset 0) a
cross join lateral (select * from views.contact k where k.account = wanted.id offset 0) c
order by a.number
