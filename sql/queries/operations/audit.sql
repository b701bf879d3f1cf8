-- Who did what and why. $1 actor, $2 action, $3 organization text (null: none), $4 details jsonb, $5 what it is about text[],
-- $6 why text (null)
insert into operations.audit (actor, action, organization, details, about, why)
values ($1::text, $2::text, $3::text, $4::jsonb, $5::text[], coalesce($6::text, $4::jsonb->>'why'))
