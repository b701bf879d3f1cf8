-- Meters of whole houses and what was used in each month (SF-114, SF-155): what the needs of the house are charged by, and
-- what residents see in «Общедомовые нужды».

create table facts.house_meter (
  id bigint primary key,
  organization text not null,
  house text not null,                               -- its code, as accounts have it
  service text not null,
  number text not null,
  digits smallint not null check (digits between 1 and 12),
  decimals smallint not null check (decimals between 0 and 6),
  ratio int not null default 1 check (ratio > 0),    -- «коэффициент трансформации»
  installed_on date, verified_until date, removed_on date,
  initial bigint not null,
  unique (organization, service, number)
);
-- Of an expression: where nothing is there yet, columns would look as good as the key by number.
create index house_meter_house on facts.house_meter ((organization || '/' || house));

-- One row a month: what stood on the dial, or only the volume where an act tells it. Lanes keep volumes in the transaction
-- of the values; sql/checks/store/house_volumes.sql proves them.
create table facts.house_month (
  meter bigint not null references facts.house_meter,
  month date not null check (extract(day from month) = 1),
  taken_on date not null,
  value bigint,                                      -- millionths
  rolled boolean not null default false,             -- the dial went over since the value before
  volume bigint not null check (volume >= 0),        -- millionths
  received_at timestamptz not null,
  channel text not null,
  actor text not null,
  command uuid not null,
  primary key (meter, month),
  check (value is not null or not rolled)
);

grant select, insert, update on facts.house_meter, facts.house_month to kabinet_workers;
grant select on facts.house_meter, facts.house_month to kabinet_operator;

create view views.house_meter as
select id, organization, house, service, number, digits, decimals, ratio, installed_on, verified_until, removed_on, initial
from facts.house_meter;
create view views.house_month as
select meter, month, taken_on, value, volume from facts.house_month;
grant select on views.house_meter, views.house_month to kabinet_portal, kabinet_operator;
