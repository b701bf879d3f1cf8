-- Who may come in, and what proves it: principals with their contacts, credentials, registrations, codes, links, sessions,
-- attachments and shares, consents, and how often something was wrong. What Ingress and Portal may read stays in `access`;
-- hashes, codes and links are in `identity`, which only lanes read.

-- People who registered themselves (SF-020…SF-069). Those of the demo keep working.
alter table access.principal
  add kind text not null default 'demo' check (kind in ('demo', 'account', 'email', 'login')),
  -- kind account: the account whose number is the login (SF-036). It stays attached as long as the principal is there.
  add account bigint,
  add email text,
  add email_key text,                                -- in lower case: what addresses are compared by
  add email_confirmed_at timestamptz,
  add phone text check (phone ~ '^\+[1-9][0-9]{7,14}$'),
  add phone_confirmed_at timestamptz,
  add language text not null default 'ru' check (language in ('ru', 'en'));
create unique index principal_account on access.principal (organization, account) where account is not null;
-- Unique addresses are a matter of the mode (SF-062); look-ups are not.
create unique index principal_email on access.principal (organization, email_key) where kind in ('email', 'login');
create index principal_any_email on access.principal (organization, email_key) where email_key is not null;

-- What an attached account may be used for; an owner has all of it.
alter table access.attachment
  add name text,                                     -- «дача»: what its person calls it
  add rights text[] not null default array['view', 'readings', 'pay']
    check (rights <@ array['view', 'readings', 'pay'] and 'view' = any (rights)),
  add owner boolean not null default true,           -- false: it was shared by another person
  add attached_at timestamptz not null default clock_timestamp();
create index attachment_account on access.attachment (account);

alter table access.session
  add id uuid,                                       -- of the command that opened it: what a person sees and ends it by
  add longest_at timestamptz,                        -- it ends then, however busy
  add idle bigint,                                   -- microseconds: and so long after it was last seen
  add seen_at timestamptz,
  add remembered boolean not null default false,
  add agent text,                                    -- the browser, as it calls itself
  add address text,                                  -- where from, its last part left out
  add half boolean not null default false,           -- the second factor is still to come
  add ended_why text;
create unique index session_id on access.session (id) where id is not null;

create schema identity;

create table identity.credential (
  principal bigint primary key references access.principal on delete cascade,
  hash text not null,                                -- argon2id, with its salt and cost
  changed_at timestamptz not null
);

-- A registration until it is confirmed. Nothing else is there before: one that is not confirmed in time leaves nothing.
create table identity.registration (
  id uuid primary key,                               -- of the command that began it
  organization text not null,
  kind text not null check (kind in ('account', 'email', 'login')),
  login text not null,
  account bigint,
  email text, email_key text, phone text,
  hash text not null,                                -- of the password
  way text not null check (way in ('email', 'sms', 'none')),
  language text not null,
  terms_version text not null,
  terms_hash bytea not null,
  channel text not null, agent text, address text,
  began_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_why text check (ended_why in ('confirmed', 'replaced', 'refused'))
);
-- A new one replaces the one before.
create index registration_login on identity.registration (login);
create unique index registration_live on identity.registration (organization, login) where ended_at is null;

-- Six digits by message. One at a time of a purpose; a new one kills the old.
create table identity.code (
  id uuid primary key,                               -- of the command that sent it
  organization text not null,
  purpose text not null check (purpose in ('registration', 'phone')),
  subject text not null,                             -- the registration's or the principal's id
  phone text not null,
  hash bytea not null,                               -- keyed
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  attempts int not null default 0,
  ended_at timestamptz
);
create unique index code_live on identity.code (subject, purpose, organization) where ended_at is null;
create index code_phone on identity.code (phone, sent_at);

-- 256 bits by letter, used once.
create table identity.link (
  hash bytea primary key,
  organization text not null,
  purpose text not null check (purpose in ('registration', 'reset', 'email', 'share', 'unsubscribe')),
  subject text not null,                             -- the registration's, principal's, share's or account's id
  value text,                                        -- email: the new address; unsubscribe: the purpose
  made_at timestamptz not null,
  expires_at timestamptz,
  used_at timestamptz
);
create index link_subject on identity.link (subject, purpose);

-- How often something was wrong, by what it was about. A row is changed in place: they are few.
create table identity.failure (
  organization text not null,
  what text not null,                                -- 'login …', 'account …', 'phone …'
  count int not null,
  since timestamptz not null,
  rests int not null default 0,
  rests_until timestamptz,
  primary key (what, organization)
);

-- Locked by who counts the accounts of an address (SF-041).
create table identity.address (
  organization text not null,
  email_key text not null,
  primary key (organization, email_key)
);

-- Facts that prove ownership (`kabinet import proofs`) until charges and payments exist.
create table identity.proof (
  account bigint primary key,
  last_payment_on date,
  last_payment bigint,                               -- kopecks
  bill_month date,
  bill_total bigint,
  code_hash bytea,                                   -- printed on the bill; keyed
  imported_at timestamptz not null
);

create table identity.totp (
  principal bigint primary key references access.principal on delete cascade,
  secret text not null,                              -- sealed to the workers' key
  last_step bigint not null,                         -- a code counts once
  enabled_at timestamptz not null,
  recovery bytea[] not null                          -- keyed hashes of the recovery codes that are left
);

-- An owner lets another person in, by e-mail.
create table identity.share (
  id uuid primary key,
  organization text not null,
  account bigint not null,
  owner bigint not null references access.principal on delete cascade,
  email text not null,
  rights text[] not null,
  principal bigint references access.principal on delete cascade,
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index share_owner on identity.share (owner, account);
create index share_principal on identity.share (principal) where principal is not null;

-- Every consent and every withdrawal, for ever (152-ФЗ, статья 9; domain.md §8). The newest of an account and purpose counts.
create table identity.consent (
  n bigint primary key generated always as identity,
  command uuid not null,
  organization text not null,
  account bigint,                                    -- null: the terms
  principal bigint,                                  -- no reference: it outlives the person's access
  purpose text not null,
  given boolean not null,
  version text not null,
  text_hash bytea not null,
  contact text,                                      -- masked: where to
  channel text not null,
  agent text, address text,
  at timestamptz not null
);
create index consent_principal on identity.consent (principal, purpose, n desc);
create index consent_newest on identity.consent (account, purpose, n desc) where account is not null;

-- Contacts that people changed, for the organization's base (`kabinet export contacts`, SF-131, SF-133).
create table identity.contact (
  n bigint primary key generated always as identity,
  command uuid not null,
  organization text not null,
  account bigint not null,
  kind text not null check (kind in ('email', 'phone')),
  value text,
  confirmed boolean not null,
  channel text not null,
  at timestamptz not null
);
create index contact_account on identity.contact (account);

-- Moments as the lanes write them: microseconds since 1970-01-01 UTC.
create function identity.moment(microseconds bigint) returns timestamptz language sql immutable
return timestamptz 'epoch' + microseconds * interval '1 microsecond';

grant execute on function identity.moment(bigint) to kabinet_workers;

-- Secrets that outlive the commands which brought them name their sealing key: the second factors, and the codes on bills.
create index totp_key on identity.totp (left(secret, 12));
create index proof_key on identity.proof (substring(code_hash for 8)) where code_hash is not null;
create function identity.needs_key(id text) returns boolean language sql stable security definer
  set search_path = pg_catalog, pg_temp
return exists (select from identity.totp t
               -- A version, and eight bytes of the key's id: twelve characters of Base64.
               where left(t.secret, 12) = translate(encode(decode('01' || id, 'hex'), 'base64'), '+/', '-_'))
    or exists (select from identity.proof p where substring(p.code_hash for 8) = decode(id, 'hex') and p.code_hash is not null);
revoke execute on function identity.needs_key(text) from public;
grant execute on function identity.needs_key(text) to kabinet_operator;
-- Whether everybody has a password, not which (sql/checks).
grant select (principal) on identity.credential to kabinet_operator;
grant usage on schema identity to kabinet_workers, kabinet_operator;
grant select, insert, update, delete on access.principal, access.attachment, access.session to kabinet_workers;
grant select, insert, update, delete on all tables in schema identity to kabinet_workers;
revoke update, delete on identity.consent, identity.contact from kabinet_workers;
-- Whoever deletes the access takes the contacts along.
grant update (value) on identity.contact to kabinet_workers;
grant usage on sequence access.principal_id_seq to kabinet_workers;
-- What an operator may see of it: no hash, no code, no link.
grant select on identity.consent, identity.contact, identity.share, identity.failure to kabinet_operator;
