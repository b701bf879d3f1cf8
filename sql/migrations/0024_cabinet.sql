-- What Portal shows of people and their access: who somebody is, their sessions, who else uses an account, consents, what
-- was sent to whom, and houses with their flats to choose from. Views only: no hash, code or link is in any of them, so that
-- a page can show none, whatever is wrong with it.

-- A moment as people read it: local, with its offset (RFC 3339).
create function views.local(moment timestamptz, zone text) returns text language sql stable
return to_char(moment at time zone zone, 'YYYY-MM-DD"T"HH24:MI:SS')
  || case when (moment at time zone zone) < (moment at time zone 'UTC') then '-' else '+' end
  || to_char(greatest((moment at time zone zone) - (moment at time zone 'UTC'),
                      (moment at time zone 'UTC') - (moment at time zone zone)), 'HH24:MI');

-- One's own contacts and what is switched on.
create view views.person as
select p.id, p.organization, p.kind, p.login, p.name, p.account, p.email,
       p.email_confirmed_at is not null as email_confirmed, p.phone,
       p.phone_confirmed_at is not null as phone_confirmed, p.language, p.created_at,
       c.changed_at as password_changed_at, t.enabled_at as second_factor_at
from access.principal p
left join identity.credential c on c.principal = p.id
left join identity.totp t on t.principal = p.id;

-- Sessions that live.
create view views.session as
select id, principal, created_at, coalesce(seen_at, created_at) as seen_at, expires_at, remembered, agent, address
from access.session
where ended_at is null and not half and expires_at > clock.now();

-- Who was let in to an account by its owner; not accepted as long as nobody came.
create view views.share as
select id, organization, account, owner, email, rights, principal is not null as accepted, invited_at, expires_at
from identity.share
where ended_at is null and (principal is not null or expires_at > clock.now());

-- Every consent and withdrawal.
create view views.consent as
select n, organization, account, principal, purpose, given, version, contact, channel, at from identity.consent;

-- A registration, over when it no longer waits to be confirmed; and a code, over when another came or it was used.
create view views.registration as
select id, organization, kind, way, phone, email, ended_at is not null or expires_at <= clock.now() as over
from identity.registration;
create view views.code as
select organization, purpose, subject, phone, sent_at, expires_at, ended_at is not null as over from identity.code;

-- What an account's base knows of its contacts (SF-131).
create view views.contact as select id as account, organization, phone, email from facts.account;

-- Company, house, flat: the way to an account (SF-065). Partial, though nearly all are in it: only who says
-- both conditions goes by it, while plans that look for numbers or surnames and were made when there were no accounts would
-- take any index that begins with the organization.
create index account_house on facts.account (organization, company, house, apartment)
where house is not null and company <> '';
-- By whom a code is for.
create index code_subject on identity.code (subject);

grant select on views.person, views.session, views.share, views.consent, views.registration, views.code, views.contact
  to kabinet_portal, kabinet_operator;
grant execute on function views.local(timestamptz, text) to kabinet_portal;
