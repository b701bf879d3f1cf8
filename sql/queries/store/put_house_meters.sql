-- House meters as they are now. $1 ids int8[], $2 organization text, $3 houses, $4 services, $5 numbers text[], $6 digits,
-- $7 decimals int2[], $8 ratios int4[], $9 installed_on, $10 verified_until, $11 removed_on date[], $12 initial int8[]
insert into facts.house_meter (id, organization, house, service, number, digits, decimals, ratio, installed_on,
                               verified_until, removed_on, initial)
select id, $2::text, house, service, number, digits, decimals, ratio, installed_on, verified_until, removed_on, initial
from unnest($1::int8[], $3::text[], $4::text[], $5::text[], $6::int2[], $7::int2[], $8::int4[], $9::date[], $10::date[],
            $11::date[], $12::int8[])
  u(id, house, service, number, digits, decimals, ratio, installed_on, verified_until, removed_on, initial)
on conflict (id) do update
set digits = excluded.digits, decimals = excluded.decimals, ratio = excluded.ratio, installed_on = excluded.installed_on,
    verified_until = excluded.verified_until, removed_on = excluded.removed_on, initial = excluded.initial
