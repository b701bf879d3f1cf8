-- Registrations as they are now. $1 rows jsonb
insert into identity.registration (id, organization, kind, login, account, email, email_key, phone, hash, way, language,
  terms_version, terms_hash, browser, channel, agent, address, began_at, expires_at, ended_at, ended_why)
select id, organization, kind, login, account, email, email_key, phone, hash, way, language, terms_version,
       sha256(convert_to(terms_text, 'UTF8')), decode(browser, 'hex'), channel, agent, address, identity.moment(began_at),
       identity.moment(expires_at), identity.moment(ended_at), ended_why
from jsonb_to_recordset($1::jsonb) r(id uuid, organization text, kind text, login text, account int8, email text,
  email_key text, phone text, hash text, way text, language text, terms_version text, terms_text text, browser text,
  channel text, agent text, address text, began_at int8, expires_at int8, ended_at int8, ended_why text)
order by ended_at nulls last
on conflict (id) do update set phone = excluded.phone, ended_at = excluded.ended_at, ended_why = excluded.ended_why,
  -- What is over needs no password.
  hash = case when excluded.ended_at is null then excluded.hash else '' end
