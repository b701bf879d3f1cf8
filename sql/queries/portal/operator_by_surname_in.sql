-- Accounts of some houses by how their holders' surnames begin. $1 organization, $2 from, $3 up to text (keys of
-- views.surname_key), $4 houses text[], $5 limit int4, $6 companies text[] (all of the organization's: houses are found by
-- them). Rows: id, number, surname, name, patronymic, house, address, apartment (each may be null), closed_on (may be null)
select a.id, a.number, a.surname, a.name, a.patronymic, a.house, a.address, a.apartment, a.closed_on
from unnest($6::text[]) c(company)
cross join unnest($4::text[]) h(house)
cross join lateral (select id, number, surname, name, patronymic, house, address, apartment, closed_on, surname_key
                    from views.operator_account k
                    where k.organization = $1::text and k.company = c.company and k.company <> '' and k.house = h.house
                    offset 0) a
where a.surname_key ~>=~ ($1::text || ' ' || $2::text) and a.surname_key ~<~ ($1::text || ' ' || $3::text)
order by a.surname_key using ~<~ limit $5::int4
