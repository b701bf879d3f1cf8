-- The accounts of a part as a month's charges need them, house by house.
-- $1 organization text, $2 first house, $3 last house text, $4 first id, $5 last id int8, $6 month date
-- Rows: id, number, company, house, surname, name, patronymic, apartment, address, area, living_area, house_area, rooms,
-- residents, closed_on, is this month's bill there, how many bills of it there were
select a.id, a.number, a.company, coalesce(a.house, ''), a.surname, a.name, a.patronymic, a.apartment, a.address, a.area,
       a.living_area, a.house_area, a.rooms, a.residents, a.closed_on, coalesce(m.live, false), coalesce(m.version, 0)::int2
from facts.account a
left join lateral (select max(k.version) as version, bool_or(k.withdrawn_at is null) as live from facts.bill k
                   where k.account = a.id and k.month = $6::date) m on true
where ((a.organization || '/' || coalesce(a.house, '')) collate "C", a.id + 0) >= ($1::text || '/' || $2::text, $4::int8)
  and ((a.organization || '/' || coalesce(a.house, '')) collate "C", a.id + 0) <= ($1::text || '/' || $3::text, $5::int8)
order by coalesce(a.house, '') collate "C", a.id
