-- Passwords of operators as they are now. $1 operators int8[], $2 argon2id hashes text[], $3 temporary bool[],
-- $4 changed_at timestamptz[]
insert into identity.operator_credential (operator, hash, temporary, changed_at)
select operator, hash, temporary, changed_at
from unnest($1::int8[], $2::text[], $3::bool[], $4::timestamptz[]) u(operator, hash, temporary, changed_at)
on conflict (operator) do update set hash = excluded.hash, temporary = excluded.temporary,
  changed_at = excluded.changed_at
