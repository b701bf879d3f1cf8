-- $1 ids uuid[], $2 accounts, $3 meters int8[], $4 received_at timestamptz[], $5 channels text[], $6 typed jsonb[],
-- $7 codes text[], $8 bodies jsonb[]
insert into facts.attempt (id, account, meter, received_at, channel, typed, code, body)
select * from unnest($1::uuid[], $2::int8[], $3::int8[], $4::timestamptz[], $5::text[], $6::jsonb[], $7::text[],
                     $8::jsonb[])
