-- Codes as they are now; one of the same purpose and subject ends with a new one. $1 rows jsonb
with given as (
  select * from jsonb_to_recordset($1::jsonb) r(id uuid, organization text, purpose text, subject text, phone text,
    hash text, sent_at int8, expires_at int8, attempts int4)
), ended as (
  update identity.code c set ended_at = clock.now() from given g
  where c.organization = g.organization and c.purpose = g.purpose and c.subject = g.subject and c.id <> g.id
    and c.ended_at is null
)
insert into identity.code (id, organization, purpose, subject, phone, hash, sent_at, expires_at, attempts)
select id, organization, purpose, subject, phone, decode(hash, 'hex'), identity.moment(sent_at),
       identity.moment(expires_at), attempts from given
on conflict (id) do update set attempts = excluded.attempts
