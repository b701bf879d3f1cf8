-- What was recorded wrongly is put right by whoever recorded it.

-- A payment for an account that nobody has can be given to the account that was meant: who did it is in the audit, when is told
-- beside where the money went.
alter table facts.payment
  add assigned_by uuid,                              -- the command that gave it its account; null: it had one from the beginning
  add assigned_at timestamptz;

create or replace view views.payment as
select id, organization, account, provider, number, amount, paid_on, received_at, month, purpose, reversed_by is not null as reversed,
       typed, assigned_at
from facts.payment where account is not null;

-- A bill that another system drew may have been the wrong one: a row without a file takes it back.
alter table operations.bill_file
  alter column file drop not null,
  alter column digest drop not null,
  add check ((file is null) = (digest is null));
create or replace view views.bill_file as
select f.account, f.month, f.imported_at, f.digest, f.file
from (select distinct on (k.account, k.month) k.account, k.month, k.imported_at, k.digest, k.file
      from operations.bill_file k order by k.account, k.month, k.id desc) f
where f.file is not null;

-- A correction that no close has charged yet is taken back by deleting it: the audit keeps both.
grant delete on facts.correction to kabinet_workers;
