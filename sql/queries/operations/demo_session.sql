-- $1 hash bytea, $2 organization text, $3 principal int8
insert into access.session (hash, organization, principal, created_at, expires_at)
values ($1::bytea, $2::text, $3::int8, clock.now(), clock.now() + interval '7 days')
