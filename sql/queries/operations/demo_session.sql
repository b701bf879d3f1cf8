-- $1 hash bytea, $2 organization text, $3 principal int8
insert into access.session (hash, id, organization, principal, created_at, seen_at, expires_at, longest_at, idle)
select $1::bytea, gen_random_uuid(), $2::text, $3::int8, n.at, n.at, n.at + interval '7 days', n.at + interval '7 days', 604800000000
from (select clock.now() as at offset 0) n
