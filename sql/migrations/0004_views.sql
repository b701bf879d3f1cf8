-- What people read. Portal sees this schema and access, nothing else. What facts can answer at once is a plain view over
-- them; what would have to be computed for every page is a table that lanes keep in the transaction of the facts, and
-- sql/checks/store proves equal to them.

create schema views;

-- A meter's month: the reading that counts and what was used since the one before, register by register.
create table views.month (
  meter bigint not null,
  month date not null,
  account bigint not null,
  reading uuid not null,
  taken_on date not null,
  values bigint[] not null,
  volumes bigint[] not null,
  primary key (meter, month)
) with (fillfactor = 85);

create view views.account as
select id, organization, number, stripped, company, surname, name, patronymic, house, apartment, address, area,
       living_area, house_area, rooms, residents, ownership, closed_on
from facts.account;

create view views.meter as
select m.id, m.account, m.organization, m.service, m.number, m.registers, m.digits, m.decimals, m.installed_on,
       m.verified_until, m.removed_on, m.initial
from facts.meter m;

create view views.reading as
select id, account, meter, month, taken_on, received_at, rolled, state, channel, values,
       calculated_at is not null as calculated
from facts.reading;

create view views.attempt as
select id, account, meter, received_at, channel, typed, code, body from facts.attempt;

create view views.period as
select organization, month, opened_at, closed_at from facts.period;

grant usage on schema views to kabinet_portal, kabinet_workers, kabinet_operator;
grant select on all tables in schema views to kabinet_portal, kabinet_operator;
grant select, insert, update, delete on views.month to kabinet_workers;
