-- The door learns whether an operator has a second factor: where the organization wants one, a session without it can only
-- set it up, also one that was open before. And a surname is found whether it is written with a hyphen, a space or neither.

create function access.has_factor(id bigint) returns boolean language sql stable security definer
  set search_path = pg_catalog, pg_temp
return exists (select from identity.operator_totp t where t.operator = id);
revoke execute on function access.has_factor(bigint) from public;
grant execute on function access.has_factor(bigint) to kabinet_ingress;

-- As Swift's `Surname` has it, but for letters of another alphabet. The index is made of it, and so made anew.
drop index facts.account_surname;
create or replace function views.surname_key(surname text) returns text language sql immutable parallel safe
return translate(upper(surname),
                 U&'\0401 \0009\00A0\2009\202F-\00AD\2010\2011\2012\2013\2014\2015\2212''`\00B4\2019\2018\02BC\02B9.,;:\0301',
                 U&'\0415');
create index account_surname on facts.account
  ((organization || ' ' || views.surname_key(surname) || ' ' || number) text_pattern_ops);
