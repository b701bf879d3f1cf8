-- $1 ids int8[], $2 organizations, $3 numbers, $4 stripped, $5 companies, $6 surnames, $7 names, $8 patronymics, $9 houses,
-- $10 apartments, $11 addresses text[], $12 areas, $13 living, $14 house areas int8[], $15 rooms, $16 residents int4[],
-- $17 ownership, $18 phones, $19 emails text[], $20 closed_on date[]
insert into facts.account (id, organization, number, stripped, company, surname, name, patronymic, house, apartment,
                           address, area, living_area, house_area, rooms, residents, ownership, phone, email, closed_on)
select * from unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::text[], $12::int8[], $13::int8[], $14::int8[], $15::int4[],
                     $16::int4[], $17::text[], $18::text[], $19::text[], $20::date[])
