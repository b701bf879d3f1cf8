-- $1 ids uuid[], $2 accounts, $3 meters int8[], $4 months, $5 taken_on date[], $6 received_at timestamptz[],
-- $7 rolled int2[], $8 states, $9 channels, $10 actors text[], $11 first, $12 second, $13 third values int8[],
-- $14 sessions uuid[]
insert into facts.reading (id, account, meter, month, taken_on, received_at, rolled, state, channel, actor, values, session)
select id, account, meter, month, taken_on, received_at, rolled, state, channel, actor,
       array_remove(array[t1, t2, t3], null), session
from unnest($1::uuid[], $2::int8[], $3::int8[], $4::date[], $5::date[], $6::timestamptz[], $7::int2[], $8::text[],
            $9::text[], $10::text[], $11::int8[], $12::int8[], $13::int8[], $14::uuid[])
  u(id, account, meter, month, taken_on, received_at, rolled, state, channel, actor, t1, t2, t3, session)
