-- Persons go, with their credentials, sessions and links, and with the contacts that they left for the organization's base.
-- $1 persons int8[], $2 organizations text[], $3 accounts int8[], $4 contacts text[]: those of before name no person
with links as (
  delete from identity.link l using unnest($1::int8[], $2::text[]) u(id, organization)
  where l.subject = any (array(select id::text from unnest($1::int8[]) i(id))) and l.organization = u.organization and l.purpose in ('reset', 'email') and l.subject = u.id::text
), codes as (
  delete from identity.code c using unnest($1::int8[], $2::text[]) u(id, organization)
  where c.subject = any (array(select id::text from unnest($1::int8[]) i(id))) and c.organization = u.organization and c.purpose = 'phone' and c.subject = u.id::text
), contacts as (
  update identity.contact set value = null where principal = any ($1::int8[])
), nameless as (
  update identity.contact set value = null
  where principal is null and account = any ($3::int8[]) and value = any ($4::text[])
)
delete from access.principal where id = any ($1::int8[])
