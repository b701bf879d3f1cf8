-- A contact is a person's at an account: what one owner of an account gives does not take the place of another's, and goes
-- with its person. And what pages ask about links and invitations.

alter table identity.contact
  add column principal bigint,                       -- no reference: that it is gone outlives the person's access
  add column confirmed_at timestamptz;               -- null: it was not

-- Whose those of before are is known where the person still has them.
update identity.contact c set
  confirmed_at = case when c.confirmed and c.value is not null then c.at end,
  principal = (select p.id from access.attachment a join access.principal p on p.id = a.principal
               where a.account = c.account and a.owner and c.value = case c.kind when 'email' then p.email else p.phone end
               order by a.attached_at, p.id limit 1);

-- The release before asks by account alone: it begins this one.
create index contact_own on identity.contact (account, principal, kind, n desc);
drop index identity.contact_account;
create index contact_principal on identity.contact (principal) where principal is not null;

-- What is no person's by now (it is gone, or its owner has another) goes out as nobody's, in its place. Behind it comes once
-- more what owners have confirmed, and what several of them have alike: of those rows each is one owner's only.
insert into identity.contact (command, organization, account, principal, kind, value, confirmed, confirmed_at, channel, at)
select gen_random_uuid(), p.organization, a.account, p.id, k.kind, k.value, true, k.confirmed_at, 'automatic', clock.now()
from access.attachment a
join access.principal p on p.id = a.principal
cross join lateral (values ('email', p.email, p.email_confirmed_at), ('phone', p.phone, p.phone_confirmed_at))
  k(kind, value, confirmed_at)
where a.owner and k.value is not null and k.confirmed_at is not null
  and exists (select from identity.contact c where c.account = a.account)
  and (exists (select from identity.contact c where c.account = a.account and c.principal is null)
       or k.value is distinct from (select c.value from identity.contact c
                                    where c.account = a.account and c.principal = a.principal and c.kind = k.kind
                                    order by c.n desc limit 1))
order by a.account, a.attached_at, p.id, k.kind;

-- Whom owners of accounts have invited, those whose access has ended too.
create view views.invitation as
select id, organization, account, owner, email, rights, principal is not null as accepted, invited_at, expires_at, ended_at
from identity.share;
grant select on views.invitation to kabinet_portal;

-- Whether the link of a letter still counts: a page has no button that cannot work. Who asks has the link's hash already, and
-- learns nothing else. Null organization: any.
create function views.link_counts(hash bytea, organization text, purpose text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
return exists (
  select from identity.link l
  where l.hash = link_counts.hash and l.purpose = link_counts.purpose and l.used_at is null
    and (link_counts.organization is null or l.organization = link_counts.organization)
    and (l.expires_at is null or l.expires_at > clock.now()));
revoke execute on function views.link_counts(bytea, text, text) from public;
grant execute on function views.link_counts(bytea, text, text) to kabinet_portal;
