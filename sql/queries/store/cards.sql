-- Whole cards, for commands that change them. $1 account ids int8[]
-- Rows: id, number, company, surname, name, patronymic, house, apartment, address, area, living_area, house_area, rooms,
-- residents, ownership, phone, email, closed_on
select id, number, company, surname, name, patronymic, house, apartment, address, area, living_area, house_area,
       rooms::int8, residents::int8, ownership, phone, email, closed_on
from facts.account where id = any ($1::int8[])
