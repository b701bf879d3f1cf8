-- Accounts that persons have. $1 rows jsonb
insert into access.attachment (principal, account, number, name, rights, owner, attached_at)
select principal, account, number, name, array(select jsonb_array_elements_text(rights)), owner,
       identity.moment(attached_at)
from jsonb_to_recordset($1::jsonb) r(principal int8, account int8, number text, name text, rights jsonb, owner bool,
  attached_at int8)
on conflict (principal, account) do update set name = excluded.name, rights = excluded.rights, owner = excluded.owner,
  attached_at = excluded.attached_at
