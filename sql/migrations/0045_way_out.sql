-- Whether what the link of a letter takes back has been taken back already: whoever opens it again is told so, instead of being
-- offered the button once more. Of a letter that names no person nobody knows whose consent is meant: never.
drop function views.way_out(bytea);
create function views.way_out(the_hash bytea)
returns table (organization text, service text, ending text, is_over bool)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.profile ->> 'name', s.title, right(a.stripped, 3), l.person <> '' and not coalesce(c.given, false)
  from (select k.organization, k.value, split_part(k.subject, ':', 1) as account, split_part(k.subject, ':', 2) as person
        from identity.link k
        where k.hash = $1 and k.purpose = 'unsubscribe' and k.used_at is null
          and (k.expires_at is null or k.expires_at > clock.now()) offset 0) l
  join lateral (select k.stripped from facts.account k where k.id = l.account::int8 offset 0) a on true
  join access.organization o on o.code = l.organization
  join lateral (select e.one ->> 'title' as title from jsonb_array_elements(o.profile #> '{identity,services}') e(one)
                where e.one ->> 'purpose' = l.value limit 1) s on true
  left join lateral (select k.given from identity.consent k
                     where k.account = l.account::int8 and k.principal = nullif(l.person, '')::int8 and k.purpose = l.value
                     order by k.n desc limit 1) c on true
$$;
revoke execute on function views.way_out(bytea) from public;
grant execute on function views.way_out(bytea) to kabinet_portal;
