-- A consent is a person's: the newest of an account, person and purpose counts, and what one owner of an account says is not
-- said for another.

drop index identity.consent_newest;
create index consent_own on identity.consent (account, principal, purpose, n desc) where account is not null;

-- A withdrawal by the link of a letter named nobody: it was of the account. It holds for whoever had given it before.
insert into identity.consent (command, organization, account, principal, purpose, given, version, text_hash, channel, agent,
  address, at)
select distinct on (w.account, w.purpose, g.principal)
       w.command, w.organization, w.account, g.principal, w.purpose, false, w.version, w.text_hash, w.channel, w.agent,
       w.address, w.at
from identity.consent w
cross join lateral (select distinct on (k.principal) k.principal, k.given, k.n from identity.consent k
                    where k.account = w.account and k.purpose = w.purpose and k.principal is not null
                    order by k.principal, k.n desc) g
where w.account is not null and w.principal is null and not w.given and g.given and g.n < w.n
order by w.account, w.purpose, g.principal, w.n desc;

-- Whoever has gone, or gave the account back, was not asked what becomes of the consent: it ended with that.
insert into identity.consent (command, organization, account, principal, purpose, given, version, text_hash, channel, at)
select c.command, c.organization, c.account, c.principal, c.purpose, false, c.version, c.text_hash, c.channel, clock.now()
from (select distinct on (k.account, k.principal, k.purpose) k.* from identity.consent k
      where k.account is not null and k.principal is not null
      order by k.account, k.principal, k.purpose, k.n desc) c
where c.given
  and not exists (select from access.attachment a where a.principal = c.principal and a.account = c.account);
