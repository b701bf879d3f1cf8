-- Months of house meters as they are now. $1 meters int8[], $2 months, $3 taken_on date[], $4 values int8[], $5 rolled
-- bool[], $6 volumes int8[], $7 received_at timestamptz, $8 channel, $9 actor text, $10 command uuid
insert into facts.house_month (meter, month, taken_on, value, rolled, volume, received_at, channel, actor, command)
select meter, month, taken_on, value, rolled, volume, $7::timestamptz, $8::text, $9::text, $10::uuid
from unnest($1::int8[], $2::date[], $3::date[], $4::int8[], $5::bool[], $6::int8[])
  u(meter, month, taken_on, value, rolled, volume)
on conflict (meter, month) do update
set taken_on = excluded.taken_on, value = excluded.value, rolled = excluded.rolled, volume = excluded.volume,
    received_at = excluded.received_at, channel = excluded.channel, actor = excluded.actor, command = excluded.command
