-- Parameters as `open_accounts`. All of them are there: the conflict finds each by its key, which an UPDATE of a join need not.
insert into facts.account (id, organization, number, stripped, company, surname, name, patronymic, house, apartment,
                           address, area, living_area, house_area, rooms, residents, ownership, phone, email, closed_on)
select * from unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::text[], $12::int8[], $13::int8[], $14::int8[], $15::int4[],
                     $16::int4[], $17::text[], $18::text[], $19::text[], $20::date[])
on conflict (id) do update
set company = excluded.company, surname = excluded.surname, name = excluded.name, patronymic = excluded.patronymic,
    house = excluded.house, apartment = excluded.apartment, address = excluded.address, area = excluded.area,
    living_area = excluded.living_area, house_area = excluded.house_area, rooms = excluded.rooms,
    residents = excluded.residents, ownership = excluded.ownership, phone = excluded.phone, email = excluded.email,
    closed_on = excluded.closed_on
