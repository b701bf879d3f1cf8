-- What did not simply succeed. $1 commands uuid[], $2 kinds text[], $3 codes text[], $4 bodies jsonb[], $5 attempts int4[]
insert into queue.exception (command, kind, code, body, attempt)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::int4[])
