-- Parameters as `open_accounts`
update facts.account a
set company = u.company, surname = u.surname, name = u.name, patronymic = u.patronymic, house = u.house,
    apartment = u.apartment, address = u.address, area = u.area, living_area = u.living_area,
    house_area = u.house_area, rooms = u.rooms, residents = u.residents, ownership = u.ownership, phone = u.phone,
    email = u.email, closed_on = u.closed_on
from unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[], $12::int8[], $13::int8[], $14::int8[], $15::int4[], $16::int4[],
            $17::text[], $18::text[], $19::text[], $20::date[])
  u(id, organization, number, stripped, company, surname, name, patronymic, house, apartment, address, area,
    living_area, house_area, rooms, residents, ownership, phone, email, closed_on)
where a.id = u.id
