-- The command that failed alone. $1 pool, $2 lane int2, $3 subject int8, $4 command uuid, $5 whole subject bool,
-- $6 attempt int4, $7 delay in milliseconds int8, $8 state, $9 error text
with held as (
  insert into queue.hold (pool, lane, subject, command, head, attempt, next_at, state, error)
  values ($1::int2, $2::int2, $3::int8, case when $5::bool then null else $4::uuid end, $4::uuid, $6::int4,
          clock_timestamp() + $7::int8 * interval '1 millisecond', $8::text, $9::text)
  returning id
)
insert into queue.parked (hold, command) select id, $4::uuid from held where $5::bool
