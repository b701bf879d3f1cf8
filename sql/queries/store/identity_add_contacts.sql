-- Contacts that changed. $1 rows jsonb
insert into identity.contact (command, organization, account, principal, kind, value, confirmed, confirmed_at, channel, at)
select command, organization, account, principal, kind, value, confirmed_at is not null, identity.moment(confirmed_at), channel,
       identity.moment(at)
from jsonb_to_recordset($1::jsonb) r(command uuid, organization text, account int8, principal int8, kind text, value text,
  confirmed_at int8, channel text, at int8)
