-- Sessions of operators by their hashes. $1 bytea[].
-- Rows: hash in hexadecimal, id, operator, organization, opened_at, seen_at, idle in microseconds int8, longest_at,
-- half (may be null), agent, address (may be null), ended_at, ended_why (may be null)
select encode(s.hash, 'hex'), s.id, s.operator, s.organization, s.opened_at, s.seen_at,
       (extract(epoch from s.idle) * 1000000)::int8, s.longest_at, s.half, s.agent, s.address, s.ended_at, s.ended_why
from unnest($1::bytea[]) u(hash) join access.operator_session s on s.hash = u.hash
