-- Postings. $1 accounts, $2 ids int8[], $3 months date[], $4 sorts, $5 kinds text[], $6 penalties bool[], $7 tranches,
-- $8 effective_on date[], $9 amounts int8[], $10 payments uuid[], $11 reversed int8[], $12 reasons text[], $13 consumed date[],
-- $14 lines jsonb[]
insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount, payment, reverses, reason, consumed,
                         line)
select * from unnest($1::int8[], $2::int8[], $3::date[], $4::text[], $5::text[], $6::bool[], $7::date[], $8::date[],
                     $9::int8[], $10::uuid[], $11::int8[], $12::text[], $13::date[], $14::jsonb[])
