-- An operator is none any more. $1 id int8
update access.operator set ended_at = clock_timestamp() where id = $1::int8 and ended_at is null
