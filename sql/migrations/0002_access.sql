-- Who may ask: organizations with their dated profiles, API tokens, sessions. Ingress and Portal read it and cache it for
-- at most five seconds; a change announces itself on the channel `access`. And the one place where domain time comes from.

create schema clock;
-- The test clock: empty, or the one moment that it is now (KABINET_TEST_CLOCK=1).
create table clock.test (
  single boolean primary key default true check (single),
  now timestamptz not null
);
-- Domain time: received_at, windows, sessions. Ids, partitions, backoff and retention use the real clock.
create function clock.now() returns timestamptz language sql stable security definer set search_path = pg_catalog, pg_temp
return coalesce((select t.now from clock.test t), clock_timestamp());

create schema access;

create table access.profile (
  organization text not null check (organization ~ '^[a-z0-9-]{1,31}$'),
  valid_from timestamptz not null,
  profile jsonb not null,
  applied_by text not null,
  primary key (organization, valid_from)
);
-- The profile in force.
create view access.organization as
select distinct on (organization) organization as code, profile, profile->>'time_zone' as time_zone, valid_from
from access.profile where valid_from <= clock.now()
order by organization, valid_from desc;

create table access.token (
  id bigint primary key generated always as identity,
  hash bytea not null unique,                      -- of 256 random bits; the token itself is shown once
  organization text not null,
  name text not null,
  scopes text[] not null check (scopes <@ array['readings', 'accounts.read', 'payments', 'export', 'operator']),
  channel text not null,
  rate int not null check (rate between 1 and 1000000),  -- requests a second
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz
);

-- People. Until identity exists only the demo makes them.
create table access.principal (
  id bigint primary key generated always as identity,
  organization text not null,
  login text not null,
  name text not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (organization, login)
);
create table access.attachment (
  principal bigint not null references access.principal on delete cascade,
  account bigint not null,
  number text not null,
  primary key (principal, account)
);
create table access.session (
  hash bytea primary key,
  organization text not null,
  principal bigint not null references access.principal on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index session_principal on access.session (principal);

grant usage on schema access, clock to kabinet_ingress, kabinet_portal, kabinet_workers, kabinet_operator, kabinet_clock;
grant select on access.organization, access.token, access.session, access.principal, access.attachment
  to kabinet_ingress, kabinet_portal;
grant select on access.organization, access.profile to kabinet_workers;
grant select, insert on access.profile, access.principal, access.attachment, access.session to kabinet_operator;
grant select on access.organization to kabinet_operator;
grant select (id, organization, name, scopes, channel, rate, created_at, expires_at, revoked_at), insert,
  update (revoked_at) on access.token to kabinet_operator;
grant update (ended_at) on access.session to kabinet_operator;
grant select, insert, update, delete on clock.test to kabinet_clock;
