-- Who did what and why. $1 actor, $2 action, $3 organization text (null: none), $4 details jsonb
insert into operations.audit (actor, action, organization, details) values ($1::text, $2::text, $3::text, $4::jsonb)
