-- Operators: who they are, what they may do and where, how they sign in, and what they looked at and changed. Accounts of
-- operators are system-wide; a role is of one organization, perhaps of some of its houses only. Rows of people, roles and
-- sessions are ended, never deleted: the audit names them for ever.

create table access.operator (
  id bigint primary key generated always as identity,
  login text not null unique check (login ~ '^[a-z0-9][a-z0-9._-]{1,49}$'),
  name text not null,
  made_by text not null,
  made_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);

-- What an operator may do in an organization. The newest row of both counts.
create table access.operator_role (
  n bigint primary key generated always as identity,
  operator bigint not null references access.operator,
  organization text not null,
  role text not null check (role in ('viewer', 'clerk', 'accountant', 'administrator')),
  houses text[] check (cardinality(houses) > 0),      -- null: all of the organization
  given_by text not null,
  given_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create unique index operator_role_live on access.operator_role (operator, organization) where ended_at is null;

create table access.operator_session (
  hash bytea primary key,
  id uuid not null unique,                           -- of the command that opened it
  operator bigint not null references access.operator,
  organization text not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  idle interval not null,
  longest_at timestamptz not null,
  -- What is still to be done before it may be used for anything else, in this order.
  half text check (half in ('code', 'password', 'factor')),
  agent text, address text,
  ended_at timestamptz,
  ended_why text
);
create index operator_session_live on access.operator_session (operator) where ended_at is null;

create table identity.operator_credential (
  operator bigint primary key references access.operator,
  hash text not null,                                -- argon2id
  temporary boolean not null,                        -- given by somebody else: to be changed before anything else
  changed_at timestamptz not null
);
create table identity.operator_totp (
  operator bigint primary key references access.operator,
  secret text not null,                              -- sealed to the workers' key
  last_step bigint not null,                         -- a code counts once
  enabled_at timestamptz not null
);

create index operator_totp_key on identity.operator_totp (left(secret, 12));
-- As 0022 says it, with the second factors of operators.
create or replace function identity.needs_key(id text) returns boolean language sql stable security definer
  set search_path = pg_catalog, pg_temp
return exists (select from identity.totp t
               where left(t.secret, 12) = translate(encode(decode('01' || id, 'hex'), 'base64'), '+/', '-_'))
    or exists (select from identity.operator_totp t
               where left(t.secret, 12) = translate(encode(decode('01' || id, 'hex'), 'base64'), '+/', '-_'))
    or exists (select from identity.proof p where substring(p.code_hash for 8) = decode(id, 'hex') and p.code_hash is not null);

-- The audit. What an entry is about, so that it is found by person: 'account 626200012', 'person 17', 'login ivanov'.
alter table operations.audit
  add column about text[] not null default '{}',
  add column why text,
  add column command uuid;
create index audit_about on operations.audit using gin (about);
create index audit_actor on operations.audit (actor, id desc);

-- Nobody changes what was written down: no role has the right, and the owner's own slip is stopped too.
create function operations.stays() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_stays before update or delete or truncate on operations.audit
  for each statement execute function operations.stays();

-- What lanes write down of operators' commands: they cannot read it.
grant insert on operations.audit to kabinet_workers;
grant select on operations.audit to kabinet_operator;

grant select on access.operator, access.operator_role, access.operator_session to kabinet_ingress;
grant select on access.operator, access.operator_role to kabinet_workers;
grant select, insert, update on access.operator_session to kabinet_workers;
grant select, insert, update on identity.operator_credential, identity.operator_totp to kabinet_workers;
grant select, insert on access.operator, access.operator_role to kabinet_operator;
grant update (name, ended_at) on access.operator to kabinet_operator;
grant update (ended_at) on access.operator_role to kabinet_operator;
grant select (id, operator, organization, opened_at, seen_at, longest_at, half, ended_at, ended_why),
  update (ended_at, ended_why) on access.operator_session to kabinet_operator;
-- It sets passwords and takes second factors away, and can read neither.
grant select (operator, temporary, changed_at), insert, update on identity.operator_credential to kabinet_operator;
grant select (operator, enabled_at), delete on identity.operator_totp to kabinet_operator;

-- What people changed goes to the organization's base by n, a part at a time.
create index contact_export on identity.contact (organization, n);
create index consent_export on identity.consent (organization, n);

-- A surname as operators look for it: case, ё and е, and what stands at its ends make no difference.
create function views.surname_key(surname text) returns text language sql immutable parallel safe
return replace(upper(trim(surname)), 'Ё', 'Е');
-- In the order in which they are shown: of a surname that everybody has, no more is read than is shown. All is one expression:
-- an index with the organization or the number as a column of its own would be as good as any other for a plan that is made
-- while there are no accounts, and lanes would read all of them by it.
create index account_surname on facts.account
  ((organization || ' ' || views.surname_key(surname) || ' ' || number) text_pattern_ops);

-- What operators see of an account and of a person. Portal asks for it only with what the role may see, and everything that
-- it shows is written down first.
create view views.operator_account as
select id, organization, number, stripped, company, surname, name, patronymic, house, apartment, address, phone, email,
       closed_on, organization || ' ' || views.surname_key(surname) || ' ' || number as surname_key
from facts.account;

create view views.operator_person as
select p.id, p.organization, p.login, p.kind, p.name, p.account, p.email, p.email_key, p.email_confirmed_at, p.phone,
       p.phone_confirmed_at, p.created_at,
       exists (select from identity.totp t where t.principal = p.id) as second_factor,
       (select max(s.seen_at) from access.session s where s.principal = p.id) as seen_at,
       (select count(*) from access.session s
        where s.principal = p.id and s.ended_at is null and s.expires_at > clock.now()) as sessions
from access.principal p;

create view views.operator_attachment as
select a.principal, a.account, a.number, a.name, a.rights, a.owner, a.attached_at from access.attachment a;

grant select on views.operator_account, views.operator_person, views.operator_attachment to kabinet_portal;
grant execute on function views.surname_key(text) to kabinet_portal, kabinet_workers;
