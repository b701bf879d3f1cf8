-- Consents given and taken back. $1 rows jsonb
insert into identity.consent (command, organization, account, principal, purpose, given, version, text_hash, contact,
  channel, agent, address, at)
select command, organization, account, principal, purpose, given, version,
       -- What was agreed to before is kept as it was then, whatever the text says by now.
       coalesce(decode(text_hash, 'hex'), sha256(convert_to(text, 'UTF8'))), contact, channel, agent,
       address, identity.moment(at)
from jsonb_to_recordset($1::jsonb) r(command uuid, organization text, account int8, principal int8, purpose text,
  given bool, version text, text text, text_hash text, contact text, channel text, agent text, address text, at int8)
