-- Whoever sets an operator's password ends the rests that guesses at the one before began, wherever they came from, as a change
-- of it within a session does. The role at the command line can take away these rows and no others.
create function identity.forget_operator_failures(the_login text) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (
    delete from identity.failure
    where what = 'operator ' || the_login or starts_with(what, 'operator ' || the_login || ' ')
    returning 1
  )
  select count(*) from gone
$$;
revoke execute on function identity.forget_operator_failures(text) from public;
grant execute on function identity.forget_operator_failures(text) to kabinet_operator;

-- Who opens an invitation of their own is told so, and to whom it went: whose it is belongs to what its link is for.
drop function views.link(text, bytea, bytea[]);
create function views.link(the_organization text, the_hash bytea, the_browsers bytea[])
returns table (purpose text, own boolean, account text, rights text[], owner bigint, invited text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.purpose, coalesce(r.browser = any ($3), false), a.number, s.rights, s.owner, s.email
  from (select k.*, case when k.purpose in ('registration', 'share') then k.subject::uuid end as id
        from identity.link k where k.hash = $2 offset 0) l
  left join lateral (select k.id, k.browser from identity.registration k
                     where k.id = l.id and l.purpose = 'registration' and k.ended_at is null
                       and k.expires_at > clock.now() offset 0) r on true
  left join lateral (select k.id, k.account, k.rights, k.owner, k.email from identity.share k
                     where k.id = l.id and l.purpose = 'share' and k.ended_at is null and k.principal is null
                       and k.expires_at > clock.now() offset 0) s on true
  left join lateral (select k.number from facts.account k where k.id = s.account offset 0) a on true
  where l.organization = $1 and l.used_at is null and (l.expires_at is null or l.expires_at > clock.now())
    and case l.purpose when 'registration' then r.id is not null when 'share' then a.number is not null
                       else l.purpose = 'email' end
$$;
revoke execute on function views.link(text, bytea, bytea[]) from public;
grant execute on function views.link(text, bytea, bytea[]) to kabinet_portal;
