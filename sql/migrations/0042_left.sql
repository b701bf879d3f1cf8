-- How many recovery codes a person has left, so that nobody finds out at a lost telephone that there are none. Only the number:
-- the codes and their hashes nobody sees.
create or replace view views.person as
select p.id, p.organization, p.kind, p.login, p.name, p.account, p.email,
       p.email_confirmed_at is not null as email_confirmed, p.phone,
       p.phone_confirmed_at is not null as phone_confirmed, p.language, p.created_at,
       c.changed_at as password_changed_at, t.enabled_at as second_factor_at,
       cardinality(t.recovery) as recovery_left
from access.principal p
left join identity.credential c on c.principal = p.id
left join identity.totp t on t.principal = p.id;
