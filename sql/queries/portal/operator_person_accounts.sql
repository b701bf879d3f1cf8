-- The accounts of a person. $1 person int8, $2 houses text[] (null: all).
-- Rows: number, surname, name, patronymic, address, apartment (each but the first may be null), owner bool, rights text[]
select a.number, a.surname, a.name, a.patronymic, a.address, a.apartment, t.owner, t.rights
from views.operator_attachment t join views.operator_account a on a.id = t.account
where t.principal = $1::int8 and ($2::text[] is null or a.house = any ($2::text[]))
order by a.number
