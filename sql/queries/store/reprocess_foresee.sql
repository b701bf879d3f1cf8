-- What a part of a dry run found. $1 job int8, $2 organizations text[], $3 subjects int8[], $4 accounts, $5 kinds, $6 was,
-- $7 was_code, $8 state, $9 code text[], $10 counts int8[]
insert into operations.reprocess_outcome
  (job, organization, subject, account, kind, was, was_code, state, code, count)
select $1::int8, u.* from unnest($2::text[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                                 $9::text[], $10::int8[]) u
