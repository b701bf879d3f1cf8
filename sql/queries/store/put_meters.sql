-- New meters and changed ones. $1 ids, $2 accounts int8[], $3 organizations, $4 services, $5 numbers text[],
-- $6 registers, $7 digits, $8 decimals int2[], $9 installed_on, $10 verified_until, $11 removed_on date[],
-- $12 first, $13 second, $14 third initial values int8[], $15 automatic bool[]
insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, installed_on,
                         verified_until, removed_on, initial, automatic)
select id, account, organization, service, number, registers, digits, decimals, installed_on, verified_until,
       removed_on, array_remove(array[t1, t2, t3], null), automatic
from unnest($1::int8[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::int2[], $7::int2[], $8::int2[],
            $9::date[], $10::date[], $11::date[], $12::int8[], $13::int8[], $14::int8[], $15::bool[])
  u(id, account, organization, service, number, registers, digits, decimals, installed_on, verified_until, removed_on,
    t1, t2, t3, automatic)
on conflict (id) do update
set registers = excluded.registers, digits = excluded.digits, decimals = excluded.decimals,
    installed_on = excluded.installed_on, verified_until = excluded.verified_until, removed_on = excluded.removed_on,
    initial = excluded.initial, automatic = excluded.automatic
