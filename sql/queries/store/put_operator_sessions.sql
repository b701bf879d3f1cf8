-- Sessions of operators as they are now. $1 hashes bytea[], $2 ids uuid[], $3 operators int8[], $4 organizations text[],
-- $5 opened_at, $6 seen_at timestamptz[], $7 idle in microseconds int8[], $8 longest_at timestamptz[], $9 half, $10 agent,
-- $11 address text[], $12 ended_at timestamptz[], $13 ended_why text[]
insert into access.operator_session (hash, id, operator, organization, opened_at, seen_at, idle, longest_at, half, agent,
  address, ended_at, ended_why)
select hash, id, operator, organization, opened_at, seen_at, idle * interval '1 microsecond', longest_at, half, agent,
  address, ended_at, ended_why
from unnest($1::bytea[], $2::uuid[], $3::int8[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::int8[],
  $8::timestamptz[], $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::text[])
  u(hash, id, operator, organization, opened_at, seen_at, idle, longest_at, half, agent, address, ended_at, ended_why)
on conflict (hash) do update set seen_at = excluded.seen_at, half = excluded.half, ended_at = excluded.ended_at,
  ended_why = excluded.ended_why
