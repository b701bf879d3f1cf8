-- An account by its number. $1 organization, $2 number, $3 stripped text, $4 houses text[] (null: all).
-- Rows: id, number, company, surname, name, patronymic, house, address, apartment, phone, email, closed_on (all but the first
-- three may be null)
select id, number, company, surname, name, patronymic, house, address, apartment, phone, email, closed_on
from views.operator_account
where organization = $1::text and number = $2::text and stripped = $3::text
  and ($4::text[] is null or house = any ($4::text[]))
