-- Accounts by how their holders' surnames begin. $1 organization, $2 from, $3 up to text (keys of views.surname_key),
-- $4 limit int4.
-- Rows: id, number, surname, name, patronymic, house, address, apartment (each may be null), closed_on (may be null)
select id, number, surname, name, patronymic, house, address, apartment, closed_on
from views.operator_account
where surname_key ~>=~ ($1::text || ' ' || $2::text) and surname_key ~<~ ($1::text || ' ' || $3::text)
order by surname_key using ~<~ limit $4::int4
