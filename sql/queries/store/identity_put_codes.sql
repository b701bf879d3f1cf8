-- Codes as they are now. $1 rows jsonb
insert into identity.code (id, organization, purpose, subject, phone, hash, sent_at, expires_at, attempts)
select id, organization, purpose, subject, phone, decode(hash, 'hex'), identity.moment(sent_at),
       identity.moment(expires_at), attempts
from jsonb_to_recordset($1::jsonb) r(id uuid, organization text, purpose text, subject text, phone text, hash text,
  sent_at int8, expires_at int8, attempts int4)
on conflict (id) do update set attempts = excluded.attempts
