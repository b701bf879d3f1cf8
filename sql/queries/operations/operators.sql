-- Operators with their roles. $1 organization text (null: all). Rows: login, name, made_at, ended_at (may be null),
-- second factor bool, temporary password bool, sessions int8, organizations text[], roles text[],
-- houses text[] (of each role, joined by commas; '' for all)
select o.login, o.name, o.made_at, o.ended_at, t.operator is not null, coalesce(c.temporary, true),
       (select count(*) from access.operator_session s
        where s.operator = o.id and s.ended_at is null and least(s.longest_at, s.seen_at) > clock.now() - interval '1 day'),
       coalesce(array_agg(r.organization order by r.organization) filter (where r.n is not null), '{}'),
       coalesce(array_agg(r.role order by r.organization) filter (where r.n is not null), '{}'),
       coalesce(array_agg(coalesce(array_to_string(r.houses, ','), '') order by r.organization)
                filter (where r.n is not null), '{}')
from access.operator o
left join access.operator_role r on r.operator = o.id and r.ended_at is null
left join identity.operator_credential c on c.operator = o.id
left join identity.operator_totp t on t.operator = o.id
where $1::text is null or exists (select from access.operator_role k where k.operator = o.id and k.ended_at is null
                                  and k.organization = $1::text)
group by o.id, t.operator, c.temporary order by o.login
