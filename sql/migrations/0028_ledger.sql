-- Money. The ledger is append-only: one row a posting, of an account, a kind and a month; a mistake is taken back by a row of
-- its own. Amounts are kopecks, what is owed above zero. Balances are sums of it, and sql/checks/store proves them equal.

-- What was charged, paid and changed, in the order in which it was posted: the id is the number of the month (years times
-- twelve, and months) times a million, and counts from there.
create table facts.entry (
  account bigint not null,
  id bigint not null,
  month date not null,                               -- the accounting month in which it was posted
  sort text not null check (sort in ('opening', 'charge', 'surcharge', 'recalculation', 'penalty', 'payment', 'advance', 'offset',
                                     'reversal')),
  kind text,                                         -- facts.charge_kind.code; null of an advance that names none
  penalty boolean not null,                          -- it is of the penalties, not of what was charged
  tranche date,                                      -- the month of the debt that it belongs to; null of an advance
  effective_on date not null,                        -- of money: the day on which it was paid
  amount bigint not null,
  payment uuid,                                      -- whose money it is
  reverses bigint,                                   -- the account's entry that it undoes
  reason text,                                       -- why an allocation went there
  consumed date,                                     -- of charges: the month of consumption
  line jsonb,                                        -- of charges: ChargeLine.detail; of penalties: PenaltyDetail
  primary key (account, id)
);

-- An account's month as it was closed. What its bill says follows from this row, the entries up to `upto` and the dated rows
-- up to `closed_at`; nothing of that can change any more.
create table facts.bill (
  account bigint not null,
  month date not null check (extract(day from month) = 1),
  version smallint not null default 1,
  organization text not null,
  closed_at timestamptz not null,
  withdrawn_at timestamptz,                          -- the month was opened again
  upto bigint not null,                              -- entries up to this one belong to it
  due_on date not null,
  paid_until date not null,                          -- payments of up to this day are in it
  opening bigint not null, charged bigint not null, recalculated bigint not null, penalty bigint not null,
  paid bigint not null, closing bigint not null,
  open_from date,                                    -- the eldest tranche that is not settled; null: all are
  card jsonb not null,                               -- whose it is and what it is of, as it was then
  problems jsonb,                                    -- what could not be charged, and why
  primary key (account, month, version)
);
create unique index bill_of on facts.bill (account, month) where withdrawn_at is null;

-- Money that came in, once for ever under its provider's own number.
create table facts.payment (
  id uuid primary key,                               -- of the command that brought it
  organization text not null,
  provider text not null,
  number text not null,                              -- the provider's
  account bigint,                                    -- null: nobody's yet
  typed text not null,                               -- the account's number as the payer wrote it
  amount bigint not null check (amount > 0),
  paid_on date not null,
  received_at timestamptz not null,
  month date,                                        -- the accounting month in which it was posted; null: nobody's yet
  purpose jsonb not null,                            -- what the payer named: month, kind, penalties
  reversed_by uuid,
  unique (organization, provider, number)
);
create index payment_account on facts.payment (account, paid_on desc) where account is not null;

-- What is to be charged anew at the next close, and why.
create table facts.correction (
  n bigint primary key generated always as identity,
  account bigint not null,
  from_month date not null check (extract(day from from_month) = 1),
  why text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  done_in date                                       -- the month that it was charged in
);
create index correction_open on facts.correction (account) where done_in is null;

grant select, insert on facts.entry to kabinet_workers;
grant select, insert, update on facts.bill, facts.payment, facts.correction to kabinet_workers;
grant select on facts.entry, facts.bill, facts.payment, facts.correction to kabinet_operator;

-- A month is closed house by house: of the flats of one together, because they share what it needs. Of expressions
-- only: an index of the columns themselves would be taken by plans of empty tables, and read whole ever after.
create index account_part on facts.account (((organization || '/' || coalesce(house, '')) collate "C"), (id + 0));
