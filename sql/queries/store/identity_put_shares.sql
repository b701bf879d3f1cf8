-- Shares as they are now. $1 rows jsonb
insert into identity.share (id, organization, account, owner, email, rights, principal, invited_at, expires_at, ended_at)
select id, organization, account, owner, email, array(select jsonb_array_elements_text(rights)), principal,
       identity.moment(invited_at), identity.moment(expires_at), identity.moment(ended_at)
from jsonb_to_recordset($1::jsonb) r(id uuid, organization text, account int8, owner int8, email text, rights jsonb,
  principal int8, invited_at int8, expires_at int8, ended_at int8)
on conflict (id) do update set principal = excluded.principal, ended_at = excluded.ended_at
