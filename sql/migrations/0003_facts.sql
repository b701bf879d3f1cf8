-- What is true: accounts, meters, readings, billing months. Written only by lanes, in the transaction that completes
-- their batch. Quantities are millionths of their unit; months are their first day.

create schema facts;
create sequence facts.id;                            -- one for all: ids are given out before rows are written

create table facts.house (
  organization text not null,
  code text not null,
  time_zone text,                                    -- null: the organization's
  primary key (organization, code)
);

create table facts.account (
  id bigint primary key,
  organization text not null,
  number text not null,                              -- canonical, with its letter index
  stripped text not null,                            -- its digits without leading zeros: the first look-up
  company text not null,
  surname text, name text, patronymic text,
  house text, apartment text, address text,
  area bigint, living_area bigint, house_area bigint,
  rooms int, residents int,
  ownership text, phone text, email text,
  closed_on date,
  unique (organization, number)
);
create index account_stripped on facts.account (organization, stripped);

create table facts.meter (
  id bigint primary key,
  account bigint not null references facts.account,
  organization text not null,
  service text not null,
  number text not null,
  registers smallint not null check (registers between 1 and 3),
  digits smallint not null check (digits between 1 and 12),
  decimals smallint not null check (decimals between 0 and 6),
  installed_on date, verified_until date, removed_on date,
  initial bigint[] not null,
  capacity bigint not null generated always as ((power(10::numeric, digits) * 1000000)::bigint) stored,
  unique (organization, service, number),
  check (cardinality(initial) = registers)
);
create index meter_account on facts.meter (account);

-- Every reading that was accepted, and what became of it. Of one meter and month at most one is `effective`.
create table facts.reading (
  id uuid primary key,
  account bigint not null,
  meter bigint not null,
  month date not null check (extract(day from month) = 1),
  taken_on date not null,
  received_at timestamptz not null,
  rolled smallint not null default 0,                -- bit i: register i went over its dial
  state text not null check (state in ('effective', 'replaced', 'deleted', 'noted')),
  channel text not null,
  actor text not null,
  values bigint[] not null,
  calculated_at timestamptz                          -- «Рассчитано»
) with (fillfactor = 90);
create unique index reading_effective on facts.reading (meter, month) where state = 'effective';
create index reading_other on facts.reading (meter, month) where state <> 'effective';

-- What people tried and was refused: «Статус ввода» in red.
create table facts.attempt (
  id uuid primary key,
  account bigint not null,
  meter bigint not null,
  received_at timestamptz not null,
  channel text not null,
  typed jsonb not null,
  code text not null,
  body jsonb not null
);
create index attempt_meter on facts.attempt (meter, received_at desc);

create table facts.period (
  organization text not null,
  month date not null check (extract(day from month) = 1),
  opened_at timestamptz not null,
  closed_at timestamptz,
  primary key (organization, month)
);

grant usage on schema facts to kabinet_workers, kabinet_operator;
grant usage on sequence facts.id to kabinet_workers;
grant select, insert, update on all tables in schema facts to kabinet_workers;
grant select on all tables in schema facts to kabinet_operator;
