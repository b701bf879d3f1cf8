-- What pages say of what runs out, and of what a button ends.

-- How many recovery codes a person has left, so that nobody finds out at a lost telephone that there are none. Only the number:
-- the codes and their hashes nobody sees.
create or replace view views.person as
select p.id, p.organization, p.kind, p.login, p.name, p.account, p.email,
       p.email_confirmed_at is not null as email_confirmed, p.phone,
       p.phone_confirmed_at is not null as phone_confirmed, p.language, p.created_at,
       c.changed_at as password_changed_at, t.enabled_at as second_factor_at,
       cardinality(t.recovery) as recovery_left
from access.principal p
left join identity.credential c on c.principal = p.id
left join identity.totp t on t.principal = p.id;

-- Which consent the link of a letter takes back, as far as its page may say it: to who holds the link, while it counts. A function,
-- so that no view has a hash in it; of the account's number only its end, as the letter has the whole.
create function views.way_out(the_hash bytea) returns table (organization text, service text, ending text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.profile ->> 'name', s.title, right(a.stripped, 3)
  from (select k.organization, k.value, split_part(k.subject, ':', 1) as account
        from identity.link k
        where k.hash = $1 and k.purpose = 'unsubscribe' and k.used_at is null
          and (k.expires_at is null or k.expires_at > clock.now()) offset 0) l
  join lateral (select k.stripped from facts.account k where k.id = l.account::int8 offset 0) a on true
  join access.organization o on o.code = l.organization
  join lateral (select e.one ->> 'title' as title from jsonb_array_elements(o.profile #> '{identity,services}') e(one)
                where e.one ->> 'purpose' = l.value limit 1) s on true
$$;
revoke execute on function views.way_out(bytea) from public;
grant execute on function views.way_out(bytea) to kabinet_portal;
