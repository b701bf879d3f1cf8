-- What whole houses used in a month, service by service: of all their meters that worked in it.
-- $1 organization text, $2 houses text[], $3 month date
-- Rows: house, service, volume int8 (millionths), meters, known int4 (of so many there is a volume)
select m.house, m.service, least(coalesce(sum(v.volume), 0), 9223372036854775807)::int8, count(*)::int4,
       count(v.volume)::int4
from unnest($2::text[]) u(house)
cross join lateral (select id, house, service from facts.house_meter k
                    where k.organization || '/' || k.house = $1::text || '/' || u.house
                      and (k.installed_on is null or k.installed_on < $3::date + interval '1 month')
                      and (k.removed_on is null or k.removed_on >= $3::date) offset 0) m
left join lateral (select volume from facts.house_month k where k.meter = m.id and k.month = $3::date offset 0) v on true
group by m.house, m.service
