-- An account by its exact number, if its reader may see it, and what day it is there.
-- $1 organization text, $2 number text, $3 ids of the accounts that the reader may see int8[]
-- (null: all of the organization), $4 time zone text, $5 the number's digits without leading zeros
-- text (both are asked, so that either index of numbers finds it at once: by the organization alone
-- a plan made while there were no accounts reads all of them).
-- Rows: id, number, company, surname, name, patronymic, address, apartment, closed_on, today, house, area int8 (millionths),
-- residents int, ownership; none or one
select id, number, company, surname, name, patronymic, address, apartment, closed_on,
       (clock.now() at time zone $4::text)::date, house, area, residents, ownership
from views.account
where organization = $1::text and number = $2::text and stripped = $5::text
  and ($3::int8[] is null or id = any ($3::int8[]))
