-- A retry failed too. $1 hold int8, $2 attempt int4, $3 delay in milliseconds int8, $4 state, $5 error text, $6 head uuid
update queue.hold
set attempt = $2::int4, next_at = clock_timestamp() + $3::int8 * interval '1 millisecond', state = $4::text,
    error = $5::text, head = $6::uuid
where id = $1::int8
