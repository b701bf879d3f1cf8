-- A payment for an account that nobody has can be given to the account that was meant: who did it is in the audit, when is told
-- beside where the money went.
alter table facts.payment
  add assigned_by uuid,                              -- the command that gave it its account; null: it had one from the beginning
  add assigned_at timestamptz;

create or replace view views.payment as
select id, organization, account, provider, number, amount, paid_on, received_at, month, purpose, reversed_by is not null as reversed,
       typed, assigned_at
from facts.payment where account is not null;
