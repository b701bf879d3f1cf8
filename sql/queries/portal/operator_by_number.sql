-- Accounts by the digits of their numbers. $1 organization, $2 stripped text, $3 houses text[] (null: all), $4 limit int4.
-- Rows: id, number, surname, name, patronymic, house, address, apartment (each may be null), closed_on (may be null)
select a.id, a.number, a.surname, a.name, a.patronymic, a.house, a.address, a.apartment, a.closed_on
from (select id, number, surname, name, patronymic, house, address, apartment, closed_on from views.operator_account
      where organization = $1::text and stripped = $2::text offset 0) a
where $3::text[] is null or a.house = any ($3::text[])
order by a.number limit $4::int4
