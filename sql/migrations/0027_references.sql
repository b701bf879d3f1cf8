-- What charges are made by. Rows are dated and only ever added: the newest row of the same thing and the same day counts,
-- and what was charged by an older one stays as it was charged. Prices, volumes and factors are millionths; shares of the
-- key rate are basis points. Rows without an organization are the law's and hold for all.

create table facts.supplier (
  n bigint primary key generated always as identity,
  organization text not null,
  code text not null,
  valid_from date not null,
  name text not null,
  inn text, kpp text,
  account text, bank text, bic text, correspondent text,   -- where money goes: 20 digits, a name, 9 digits, 20 digits
  address text, phone text, email text, site text, schedule text
);
create index supplier_of on facts.supplier (organization);

create table facts.charge_kind (
  n bigint primary key generated always as identity,
  organization text not null,
  code text not null,
  valid_from date not null,
  ends_on date,
  title text not null,
  title_en text,
  position int not null,
  basis text not null check (basis in ('meter', 'drainage', 'water_heat', 'area', 'person', 'fixed', 'area_norm', 'house_needs')),
  service text,                                      -- of a metered kind; of the water that is heated; of a house's needs
  "of" text,                                         -- the kind whose volume it takes
  unit text not null,
  supplier text not null,
  penalty text not null,                             -- facts.penalty_rule.code
  multiplied boolean not null,                       -- a norm without a meter that could be there is multiplied
  separate boolean not null                          -- its money goes to a payee of its own (капитальный ремонт)
);
create index charge_kind_of on facts.charge_kind (organization);

-- Which kinds an account has: the narrowest row counts (account, house, company, organization).
create table facts.contract (
  n bigint primary key generated always as identity,
  organization text not null,
  kind text not null,
  company text, house text, account text,            -- its canonical number
  valid_from date not null,
  valid_to date,                                     -- the last day
  is_off boolean not null default false,
  meter_possible boolean not null default true,
  quantity bigint                                    -- of fixed kinds; an area of its own
);
create index contract_of on facts.contract (organization, house) where account is null;
create index contract_account on facts.contract (organization, account) where account is not null;

create table facts.tariff (
  n bigint primary key generated always as identity,
  organization text not null,
  kind text not null,
  company text, house text,
  valid_from date not null,
  register text,
  zones smallint,                                    -- for meters of so many registers only
  up_to bigint check (up_to > 0),                    -- the upper end of a range, a month's volume
  price bigint not null check (price >= 0)
);
create index tariff_of on facts.tariff (organization, house);

create table facts.norm (
  n bigint primary key generated always as identity,
  organization text not null,
  kind text not null,
  company text, house text,
  valid_from date not null,
  rooms int, residents int,
  value bigint not null check (value >= 0)
);
create index norm_of on facts.norm (organization);

create table facts.multiplier (
  n bigint primary key generated always as identity,
  organization text not null,
  kind text not null,
  valid_from date not null,
  value bigint not null check (value >= 1000000)
);
create index multiplier_of on facts.multiplier (organization);

-- Days without a service, or of bad quality («недопоставка»), of a house or of one account.
create table facts.undersupply (
  n bigint primary key generated always as identity,
  organization text not null,
  kind text not null,
  house text, account text,
  month date not null check (extract(day from month) = 1),
  days int not null check (days between 0 and 31),
  why text not null,
  check ((house is null) <> (account is null))
);
create index undersupply_of on facts.undersupply (organization, month);

-- Of a house as a whole: what its needs are shared by.
create table facts.house_area (
  n bigint primary key generated always as identity,
  organization text not null,
  house text not null,
  valid_from date not null,
  total bigint not null check (total > 0),           -- of all flats and other rooms, m²
  common bigint not null check (common >= 0)         -- of what belongs to all
);
create index house_area_of on facts.house_area (organization);

create table facts.key_rate (
  n bigint primary key generated always as identity,
  valid_from date not null,
  points int not null check (points between 0 and 100000)   -- 21 % is 2100
);

create table facts.penalty_rule (
  n bigint primary key generated always as identity,
  organization text,
  code text not null,
  valid_from date not null,
  -- From which day after the due day, and what share of the key rate a day: {31,91} and {300,130}.
  from_days int[] not null,
  shares int[] not null,
  check (cardinality(from_days) = cardinality(shares))
);

create table facts.penalty_cap (
  n bigint primary key generated always as identity,
  valid_from date not null,
  sort text not null check (sort in ('none', 'at_most', 'exactly')),
  points int,
  check ((sort = 'none') = (points is null))
);

create table facts.due_day (
  n bigint primary key generated always as identity,
  organization text,
  month date not null check (extract(day from month) = 1),  -- the bill from which on it holds
  day int not null check (day between 1 and 31)
);

-- Days that are not what their weekday says (производственный календарь).
create table facts.workday (
  n bigint primary key generated always as identity,
  day date not null,
  working boolean not null
);

-- ЖК РФ ст. 155 ч. 1: the 10th, and the 15th from the bill of February 2026 on (177-ФЗ of 24.06.2025; Минстрой 9202-ДН/04).
insert into facts.due_day (month, day) values ('2000-01-01', 10), ('2026-02-01', 15);
-- ЖК РФ ст. 155 ч. 14 and 14.1.
insert into facts.penalty_rule (code, valid_from, from_days, shares) values
  ('housing', '2016-01-01', '{31,91}', '{300,130}'), ('capital_repair', '2016-01-01', '{31}', '{300}');
-- ПП 474 of 26.03.2022: 9.5 %, whatever the key rate; since ПП 1681 of 23.09.2022 the lower of both, until the end of 2026.
insert into facts.penalty_cap (valid_from, sort, points) values
  ('2016-01-01', 'none', null), ('2022-03-28', 'exactly', 950), ('2022-09-24', 'at_most', 950), ('2027-01-01', 'none', null);

-- The key rate of the Bank of Russia from 2013-09-13 to 2026-07-27, as it was announced.
insert into facts.key_rate (valid_from, points) values
  ('2013-09-13', 550), ('2014-03-03', 700), ('2014-04-28', 750), ('2014-07-28', 800), ('2014-11-05', 950),
  ('2014-12-12', 1050), ('2014-12-16', 1700), ('2015-02-02', 1500), ('2015-03-16', 1400), ('2015-05-05', 1250),
  ('2015-06-16', 1150), ('2015-08-03', 1100), ('2016-06-14', 1050), ('2016-09-19', 1000), ('2017-03-27', 975),
  ('2017-05-02', 925), ('2017-06-19', 900), ('2017-09-18', 850), ('2017-10-30', 825), ('2017-12-18', 775),
  ('2018-02-12', 750), ('2018-03-26', 725), ('2018-09-17', 750), ('2018-12-17', 775), ('2019-06-17', 750),
  ('2019-07-29', 725), ('2019-09-09', 700), ('2019-10-28', 650), ('2019-12-16', 625), ('2020-02-10', 600),
  ('2020-04-27', 550), ('2020-06-22', 450), ('2020-07-27', 425), ('2021-03-22', 450), ('2021-04-26', 500),
  ('2021-06-15', 550), ('2021-07-26', 650), ('2021-09-13', 675), ('2021-10-25', 750), ('2021-12-20', 850),
  ('2022-02-14', 950), ('2022-02-28', 2000), ('2022-04-11', 1700), ('2022-05-04', 1400), ('2022-05-27', 1100),
  ('2022-06-14', 950), ('2022-07-25', 800), ('2022-09-19', 750), ('2023-07-24', 850), ('2023-08-15', 1200),
  ('2023-09-18', 1300), ('2023-10-30', 1500), ('2023-12-18', 1600), ('2024-07-29', 1800), ('2024-09-16', 1900),
  ('2024-10-28', 2100), ('2025-06-09', 2000), ('2025-07-28', 1800), ('2025-09-15', 1700), ('2025-10-27', 1650),
  ('2025-12-22', 1600), ('2026-02-16', 1550), ('2026-03-23', 1500), ('2026-04-27', 1450), ('2026-06-22', 1425),
  ('2026-07-27', 1400);

-- Days of 2016 to 2026 on which people work or do not, unlike other days of the week (acts of the government).
insert into facts.workday (day, working)
select d, false from unnest('{
  2016-01-01,2016-01-04,2016-01-05,2016-01-06,2016-01-07,2016-01-08,2016-02-22,2016-02-23,2016-03-07,
  2016-03-08,2016-05-02,2016-05-03,2016-05-09,2016-06-13,2016-11-04,2017-01-02,2017-01-03,2017-01-04,
  2017-01-05,2017-01-06,2017-02-23,2017-02-24,2017-03-08,2017-05-01,2017-05-08,2017-05-09,2017-06-12,
  2017-11-06,2018-01-01,2018-01-02,2018-01-03,2018-01-04,2018-01-05,2018-01-08,2018-02-23,2018-03-08,
  2018-03-09,2018-04-30,2018-05-01,2018-05-02,2018-05-09,2018-06-11,2018-06-12,2018-11-05,2018-12-31,
  2019-01-01,2019-01-02,2019-01-03,2019-01-04,2019-01-07,2019-01-08,2019-03-08,2019-05-01,2019-05-02,
  2019-05-03,2019-05-09,2019-05-10,2019-06-12,2019-11-04,2020-01-01,2020-01-02,2020-01-03,2020-01-06,
  2020-01-07,2020-01-08,2020-02-24,2020-03-09,2020-03-30,2020-03-31,2020-04-01,2020-04-02,2020-04-03,
  2020-04-06,2020-04-07,2020-04-08,2020-04-09,2020-04-10,2020-04-13,2020-04-14,2020-04-15,2020-04-16,
  2020-04-17,2020-04-20,2020-04-21,2020-04-22,2020-04-23,2020-04-24,2020-04-27,2020-04-28,2020-04-29,
  2020-04-30,2020-05-01,2020-05-04,2020-05-05,2020-05-06,2020-05-07,2020-05-08,2020-05-11,2020-06-12,
  2020-06-24,2020-07-01,2020-11-04,2021-01-01,2021-01-04,2021-01-05,2021-01-06,2021-01-07,2021-01-08,
  2021-02-22,2021-02-23,2021-03-08,2021-05-03,2021-05-04,2021-05-05,2021-05-06,2021-05-07,2021-05-10,
  2021-06-14,2021-11-01,2021-11-02,2021-11-03,2021-11-04,2021-11-05,2021-12-31,2022-01-03,2022-01-04,
  2022-01-05,2022-01-06,2022-01-07,2022-02-23,2022-03-07,2022-03-08,2022-05-02,2022-05-03,2022-05-09,
  2022-05-10,2022-06-13,2022-11-04,2023-01-02,2023-01-03,2023-01-04,2023-01-05,2023-01-06,2023-02-23,
  2023-02-24,2023-03-08,2023-05-01,2023-05-08,2023-05-09,2023-06-12,2023-11-06,2024-01-01,2024-01-02,
  2024-01-03,2024-01-04,2024-01-05,2024-01-08,2024-02-23,2024-03-08,2024-04-29,2024-04-30,2024-05-01,
  2024-05-09,2024-05-10,2024-06-12,2024-11-04,2024-12-30,2024-12-31,2025-01-01,2025-01-02,2025-01-03,
  2025-01-06,2025-01-07,2025-01-08,2025-05-01,2025-05-02,2025-05-08,2025-05-09,2025-06-12,2025-06-13,
  2025-11-03,2025-11-04,2025-12-31,2026-01-01,2026-01-02,2026-01-05,2026-01-06,2026-01-07,2026-01-08,
  2026-01-09,2026-02-23,2026-03-09,2026-05-01,2026-05-11,2026-06-12,2026-11-04,2026-12-31}'::date[]) d
union all
select d, true from unnest('{
  2016-02-20,2018-04-28,2018-06-09,2018-12-29,2021-02-20,2022-03-05,2024-04-27,2024-11-02,2024-12-28,
  2025-11-01}'::date[]) d;

grant select, insert on facts.supplier, facts.charge_kind, facts.contract, facts.tariff, facts.norm, facts.multiplier,
  facts.undersupply, facts.house_area, facts.key_rate, facts.penalty_rule, facts.penalty_cap, facts.due_day, facts.workday
  to kabinet_workers;
grant select on facts.supplier, facts.charge_kind, facts.contract, facts.tariff, facts.norm, facts.multiplier,
  facts.undersupply, facts.house_area, facts.key_rate, facts.penalty_rule, facts.penalty_cap, facts.due_day, facts.workday
  to kabinet_operator;
