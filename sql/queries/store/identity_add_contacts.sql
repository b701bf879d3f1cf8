-- Contacts that changed. $1 rows jsonb
insert into identity.contact (command, organization, account, kind, value, confirmed, channel, at)
select command, organization, account, kind, value, confirmed, channel, identity.moment(at)
from jsonb_to_recordset($1::jsonb) r(command uuid, organization text, account int8, kind text, value text, confirmed bool,
  channel text, at int8)
