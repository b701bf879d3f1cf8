-- All sessions of operators end but one of each. $1 operators int8[], $2 hashes of those that stay bytea[]
update access.operator_session s set ended_at = clock.now(), ended_why = 'password changed'
from unnest($1::int8[], $2::bytea[]) u(operator, hash)
where s.operator = u.operator and s.hash <> u.hash and s.ended_at is null
