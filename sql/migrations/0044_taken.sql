-- The owner's list of who uses an account names whoever took the invitation, not only the address it went to: a link may be
-- opened by who is signed in already.
create or replace view views.share as
select s.id, s.organization, s.account, s.owner, s.email, s.rights, s.principal is not null as accepted, s.invited_at,
       s.expires_at, coalesce(p.email, nullif(p.name, ''), p.login) as taken_by
from identity.share s
left join lateral (select email, name, login from access.principal k where k.id = s.principal offset 0) p on true
where s.ended_at is null and (s.principal is not null or s.expires_at > clock.now());
