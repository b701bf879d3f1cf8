-- What goes back and forth between the organization's own billing and this system: readings out, bills in.

-- Readings are exported in the order of seq: a reading that is new, replaced or deleted gets a new one.
create sequence facts.reading_seq;
grant usage on sequence facts.reading_seq to kabinet_workers;
alter table facts.reading add column seq bigint not null default nextval('facts.reading_seq');
create index reading_exported on facts.reading (seq);

-- How far an export was taken over by whoever it is for. The newest row of an organization and export counts.
create table operations.export_cursor (
  id bigint primary key generated always as identity,
  organization text not null,
  what text not null,
  n bigint not null check (n >= 0),
  actor text not null,
  at timestamptz not null default clock_timestamp()
);
create index export_cursor_of on operations.export_cursor (organization, what, id desc);
grant select, insert on operations.export_cursor to kabinet_operator;

-- Bills that another system drew: shown instead of ours. The newest of an account and month counts.
create table operations.bill_file (
  id bigint primary key generated always as identity,
  account bigint not null references facts.account,
  month date not null check (extract(day from month) = 1),
  imported_at timestamptz not null default clock_timestamp(),
  digest bytea not null,                             -- of the file: the same one again changes nothing
  file bytea not null
);
create index bill_file_of on operations.bill_file (account, month, id desc);
grant select, insert on operations.bill_file to kabinet_operator;
grant select on operations.bill_file to kabinet_workers;
create view views.bill_file as
select distinct on (account, month) account, month, imported_at, digest, file from operations.bill_file order by account, month, id desc;
grant select on views.bill_file to kabinet_portal, kabinet_workers;
