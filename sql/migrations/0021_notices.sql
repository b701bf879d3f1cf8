-- What people are told by letter or message. A notice is written under a key in the transaction that decides it, and only one
-- whose key is new yields a command to deliver it: nothing is sent twice, whoever repeats what. Its row is the status that
-- operators see; contacts are masked here, secrets are nowhere but sealed in the command.

create table facts.notice (
  command uuid primary key,                          -- that delivers it: its Message-ID, and the gateways' own id of it
  organization text not null,
  key text not null,                                 -- the occasion, once for ever
  channel text not null check (channel in ('letter', 'message')),
  notice text not null,
  contact text not null,                             -- masked
  state text not null default 'queued'
    check (state in ('queued', 'sent', 'delivered', 'undelivered', 'expired', 'refused', 'failed')),
  provider text,                                     -- the gateway that took or refused it
  provider_id text,                                  -- what the gateway calls it
  code text,                                         -- the gateway's code of what went wrong
  attempts int not null default 0,
  queued_at timestamptz not null,
  sent_at timestamptz,
  settled_at timestamptz,
  first uuid,                                        -- of a fallback: the notice that it stands in for
  unique (organization, key)
) with (fillfactor = 80);
create index notice_provider on facts.notice (provider, provider_id) where provider_id is not null;
create index notice_queued on facts.notice (queued_at);

-- What a gateway reported before we had written down how it calls the message: taken when that is written.
create table facts.notice_report (
  provider text not null,
  provider_id text not null,
  state text not null check (state in ('sent', 'undelivered', 'delivered')),
  code text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (provider, provider_id)
);

-- Gateways that we stopped calling, and why: for `kabinet doctor`. A row says what the process knew that wrote it last.
create table facts.gateway (
  gateway text primary key,
  reason text,                                       -- null: it is called
  since timestamptz not null default clock_timestamp(),
  retry_at timestamptz
);

-- A late state never overwrites a later one. What did not leave may still leave when an operator tries it again.
create function facts.notice_rank(state text) returns int language sql immutable
return case state when 'queued' then 0 when 'undelivered' then 2 when 'delivered' then 3 else 1 end;

grant select, insert, update on facts.notice, facts.gateway to kabinet_workers;
grant select, insert, update, delete on facts.notice_report to kabinet_workers;
grant select on facts.notice, facts.notice_report, facts.gateway to kabinet_operator;
-- Lanes that decide to send a code or a link seal it to the published key.
grant select on access.sealing_key to kabinet_workers;

-- Messages stay in the outbox as letters do, and letters keep their HTML.
alter table operations.outbox
  add channel text not null default 'letter' check (channel in ('letter', 'message')),
  add html text;
