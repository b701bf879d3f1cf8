-- What operators run: imports with their rows and errors, the local outbox, the audit of who did what and why.

create schema operations;

create table operations.import_job (
  id bigint primary key generated always as identity,
  organization text not null,
  what text not null,
  file text not null,
  columns text[] not null,
  dry_run boolean not null,
  actor text not null,
  at timestamptz not null default clock_timestamp()
);
-- Rows as they stood in the file, cut per lane so that an account's rows keep their order.
create table operations.import_row (
  job bigint not null,
  lane smallint not null,
  n bigint not null,
  line int not null,
  fields text[] not null
);
create index import_row_range on operations.import_row (job, lane, n);
create table operations.import_part (
  job bigint not null,
  command uuid not null,
  accepted int not null,
  unchanged int not null,
  refused int not null,
  at timestamptz not null default clock_timestamp(),
  primary key (job, command)
);
create table operations.import_error (
  job bigint not null,
  line int not null,
  code text not null,
  body jsonb not null,
  primary key (job, line)
);

-- Mail that stays here instead of leaving: the default until SMTP is set. The one named place where a letter's text rests.
create table operations.outbox (
  command uuid primary key,                          -- the delivery's idempotency key
  at timestamptz not null default clock_timestamp(),
  recipient text not null,
  title text not null,
  text text not null
);

create table operations.audit (
  id bigint primary key generated always as identity,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  action text not null,
  organization text,
  details jsonb not null default '{}'
);

grant usage on schema operations to kabinet_workers, kabinet_operator, kabinet_portal;
grant select on operations.import_job, operations.import_row to kabinet_workers;
grant insert, select on operations.import_part, operations.import_error, operations.outbox to kabinet_workers;
grant select, insert on operations.import_job, operations.import_row, operations.audit to kabinet_operator;
grant select on operations.import_part, operations.import_error, operations.outbox to kabinet_operator;
grant delete on operations.import_row to kabinet_operator;
grant select on operations.outbox to kabinet_portal;
