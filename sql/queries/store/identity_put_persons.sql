-- Persons as they are now. $1 rows jsonb
insert into access.principal (id, organization, kind, login, name, account, email, email_key, email_confirmed_at, phone,
                              phone_confirmed_at, language, created_at)
overriding system value
select id, organization, kind, login, name, account, email, email_key, identity.moment(email_confirmed_at), phone,
       identity.moment(phone_confirmed_at), language, clock.now()
from jsonb_to_recordset($1::jsonb) r(id int8, organization text, kind text, login text, name text, account int8,
  email text, email_key text, email_confirmed_at int8, phone text, phone_confirmed_at int8, language text)
order by id
on conflict (id) do update set
  login = excluded.login, name = excluded.name, account = excluded.account, email = excluded.email, email_key = excluded.email_key,
  email_confirmed_at = excluded.email_confirmed_at, phone = excluded.phone,
  phone_confirmed_at = excluded.phone_confirmed_at, language = excluded.language
