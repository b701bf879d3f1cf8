-- They are charged. $1 ns int8[], $2 month date
update facts.correction set done_in = $2::date where n = any ($1::int8[])
