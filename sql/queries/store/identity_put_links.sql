-- Links as they are now. $1 rows jsonb
insert into identity.link (hash, organization, purpose, subject, value, made_at, expires_at, used_at)
select decode(hash, 'hex'), organization, purpose, subject, value, identity.moment(made_at), identity.moment(expires_at),
       identity.moment(used_at)
from jsonb_to_recordset($1::jsonb) r(hash text, organization text, purpose text, subject text, value text, made_at int8,
  expires_at int8, used_at int8)
on conflict (hash) do update set used_at = excluded.used_at
