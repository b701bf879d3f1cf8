-- What is to be charged anew. $1 accounts int8[], $2 months date[], $3 whys text[], $4 actors text[], $5 at timestamptz[]
insert into facts.correction (account, from_month, why, asked_by, asked_at)
select * from unnest($1::int8[], $2::date[], $3::text[], $4::text[], $5::timestamptz[])
