-- Money that came. $1 ids uuid[], $2 organizations, $3 providers, $4 numbers text[], $5 accounts int8[], $6 typed text[],
-- $7 amounts int8[], $8 paid_on date[], $9 received_at timestamptz[], $10 months date[], $11 purposes jsonb[]
insert into facts.payment (id, organization, provider, number, account, typed, amount, paid_on, received_at, month, purpose)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int8[], $6::text[], $7::int8[], $8::date[],
                     $9::timestamptz[], $10::date[], $11::jsonb[])
