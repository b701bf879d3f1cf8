-- What persons who go at the end of the batch keep others from is free: somebody else may come in the same batch with their
-- login or address. What they began to register goes now, not what others begin after them. $1 persons int8[],
-- $2 organizations, $3 logins text[]
with registrations as (
  delete from identity.registration r using unnest($2::text[], $3::text[]) u(organization, login)
  where r.login = any ($3::text[]) and r.organization = u.organization and r.login = u.login
)
update access.principal set login = 'gone ' || id, account = null, email_key = null where id = any ($1::int8[])
