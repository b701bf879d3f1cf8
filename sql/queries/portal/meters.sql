-- The meters of an account, working ones first. $1 account int8.
-- Rows: id, service, number, registers int2, digits int2, decimals int2, installed_on,
-- verified_until, removed_on, initial int8[], automatic
select id, service, number, registers, digits, decimals, installed_on, verified_until,
       removed_on, initial, automatic
from views.meter
where account = $1::int8
order by removed_on desc nulls first, number, id
