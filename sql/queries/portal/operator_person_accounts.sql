-- The accounts of a person. $1 person int8, $2 houses text[] (null: all).
-- Rows: number, surname, name, patronymic, address, apartment (each but the first may be null), owner bool, rights text[]
select a.number, a.surname, a.name, a.patronymic, a.address, a.apartment, t.owner, t.rights
from (select account, owner, rights from views.operator_attachment where principal = $1::int8 offset 0) t
cross join lateral (select number, surname, name, patronymic, address, apartment, house
                    from views.operator_account k where k.id = t.account offset 0) a
where $2::text[] is null or a.house = any ($2::text[])
order by a.number
