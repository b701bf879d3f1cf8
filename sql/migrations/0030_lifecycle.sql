-- What a reading lives through: the session in which it was entered (while that lives a resident may take it back, SF-148),
-- meters whose readings come by themselves, windows of houses, and extensions after an incident (SF-152, SF-153).

-- Named by its id, never by its token. It may be gone: then it has ended.
alter table facts.reading add session uuid;
alter table facts.meter add automatic boolean not null default false;

-- A house's own window from `at` on; without days that of its company again. The newest row before a moment counts.
create table facts.house_window (
  command uuid primary key,
  organization text not null,
  house text not null,
  at timestamptz not null,                           -- when the command was received
  from_day smallint check (from_day between 1 and 31),
  to_day smallint check (to_day between 1 and 31),
  actor text not null,
  why text not null,
  check ((from_day is null) = (to_day is null))
);
create index house_window_at on facts.house_window (organization, house, at desc);

-- The window that was open last on `given_on` stays open through `until`, for a house, a company, or all.
create table facts.window_extension (
  command uuid primary key,
  organization text not null,
  company text, house text,
  given_on date not null,                            -- the organization's local day
  until date not null check (until >= given_on),
  at timestamptz not null,
  actor text not null,
  why text not null
);
create index window_extension_until on facts.window_extension (organization, until);

grant select, insert on facts.house_window, facts.window_extension to kabinet_workers;
grant select on facts.house_window, facts.window_extension to kabinet_operator;

create or replace view views.meter as
select m.id, m.account, m.organization, m.service, m.number, m.registers, m.digits, m.decimals, m.installed_on,
       m.verified_until, m.removed_on, m.initial, m.automatic
from facts.meter m;

-- `entry_lives`: the session in which it was entered has not ended; asked only of what is not calculated.
create or replace view views.reading as
select r.id, r.account, r.meter, r.month, r.taken_on, r.received_at, r.rolled, r.state, r.channel, r.values,
       r.calculated_at is not null as calculated,
       case when r.calculated_at is null and r.session is not null then
         exists (select from access.session s
                 where s.id = r.session and s.ended_at is null and s.expires_at > clock.now())
       else false end as entry_lives
from facts.reading r;

create view views.house_window as
select organization, house, at, from_day, to_day from facts.house_window;
create view views.window_extension as
select organization, company, house, given_on, until from facts.window_extension;
grant select on views.house_window, views.window_extension to kabinet_portal, kabinet_operator;

-- Sessions of demo links are like all others: they have an id to be named by, and leaving ends them.
update access.session
set id = gen_random_uuid(), seen_at = coalesce(seen_at, created_at), longest_at = expires_at,
    idle = (extract(epoch from expires_at - coalesce(seen_at, created_at)) * 1000000)::bigint
where id is null;
