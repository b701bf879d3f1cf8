-- Months with a new reading, their volumes as decided. $1 meters int8[], $2 months date[], $3 accounts int8[],
-- $4 readings uuid[], $5 taken_on date[], $6 $7 $8 values, $9 $10 $11 volumes of T1, T2, T3 int8[]
insert into views.month (meter, month, account, reading, taken_on, values, volumes)
select meter, month, account, reading, taken_on, array_remove(array[a1, a2, a3], null),
       array_remove(array[v1, v2, v3], null)
from unnest($1::int8[], $2::date[], $3::int8[], $4::uuid[], $5::date[], $6::int8[], $7::int8[], $8::int8[],
            $9::int8[], $10::int8[], $11::int8[])
  u(meter, month, account, reading, taken_on, a1, a2, a3, v1, v2, v3)
on conflict (meter, month) do update
set reading = excluded.reading, taken_on = excluded.taken_on, values = excluded.values, volumes = excluded.volumes
