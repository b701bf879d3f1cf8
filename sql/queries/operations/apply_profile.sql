-- A profile comes into force now, and everyone who keeps one is told. $1 organization text, $2 profile jsonb, $3 by text
with applied as (
  insert into access.profile (organization, valid_from, profile, applied_by)
  values ($1::text, clock.now(), $2::jsonb, $3::text)
)
select pg_notify('access', '')
