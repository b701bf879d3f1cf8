-- Accounts of some houses by how their holders' surnames begin. $1 organization, $2 from, $3 up to text (keys of
-- views.surname_key), $4 houses text[], $5 limit int4.
-- Rows: id, number, surname, name, patronymic, house, address, apartment (each may be null), closed_on (may be null)
select a.id, a.number, a.surname, a.name, a.patronymic, a.house, a.address, a.apartment, a.closed_on
from unnest($4::text[]) h(house)
cross join lateral (select id, number, surname, name, patronymic, house, address, apartment, closed_on, surname_key
                    from views.operator_account k where k.house_key = ($1::text || ' ' || h.house) offset 0) a
where a.surname_key ~>=~ ($1::text || ' ' || $2::text) and a.surname_key ~<~ ($1::text || ' ' || $3::text)
order by a.surname_key using ~<~, a.number limit $5::int4
