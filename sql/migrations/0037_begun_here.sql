-- Whoever knows an account and its surname, or an address, may begin a registration for it, also after its owner did: each
-- stands for itself until it expires, and the link of a letter confirms only what was begun in the same browser, or by who
-- knows the password that was typed then. And who was invited to an account learns from the page of the link what to.
-- breaking: commands about registrations, links and passwords have members that releases before do not know

alter table identity.registration
  add browser bytea;                                 -- hash of what the browser that began it holds; null: nothing
-- «replaced» is from now on: another of the same login was confirmed first, or so many came after it that it gave way.
drop index identity.registration_live;
create index registration_waiting on identity.registration (organization, login) where ended_at is null;

-- What the link of a letter is for, as far as its page may show it: to who holds the link, while it counts. A function, so that
-- no view has a hash in it. Of a registration: whether it was begun by who holds one of `browsers`; of an invitation: to which
-- account, and for what.
create function views.link(the_organization text, the_hash bytea, the_browsers bytea[])
returns table (purpose text, own boolean, account text, rights text[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.purpose, coalesce(r.browser = any ($3), false), a.number, s.rights
  from (select k.*, case when k.purpose in ('registration', 'share') then k.subject::uuid end as id
        from identity.link k where k.hash = $2 offset 0) l
  left join lateral (select k.id, k.browser from identity.registration k
                     where k.id = l.id and l.purpose = 'registration' and k.ended_at is null
                       and k.expires_at > clock.now() offset 0) r on true
  left join lateral (select k.id, k.account, k.rights from identity.share k
                     where k.id = l.id and l.purpose = 'share' and k.ended_at is null and k.principal is null
                       and k.expires_at > clock.now() offset 0) s on true
  left join lateral (select k.number from facts.account k where k.id = s.account offset 0) a on true
  where l.organization = $1 and l.used_at is null and (l.expires_at is null or l.expires_at > clock.now())
    and case l.purpose when 'registration' then r.id is not null when 'share' then a.number is not null
                       else l.purpose = 'email' end
$$;
revoke execute on function views.link(text, bytea, bytea[]) from public;
grant execute on function views.link(text, bytea, bytea[]) to kabinet_portal;

-- Whether somebody had an account of another person's that is closed to them by now.
create view views.lost_share as
select id, principal from identity.share where principal is not null and ended_at is not null;
grant select on views.lost_share to kabinet_portal;
