-- $1 job int8, $2 lines int4[], $3 codes text[], $4 bodies jsonb[]
insert into operations.import_error (job, line, code, body)
select $1::int8, u.* from unnest($2::int4[], $3::text[], $4::jsonb[]) u on conflict do nothing
