-- A password that its operator has to change. $1 operator int8, $2 argon2id hash text
insert into identity.operator_credential (operator, hash, temporary, changed_at)
values ($1::int8, $2::text, true, clock.now())
on conflict (operator) do update set hash = $2::text, temporary = true, changed_at = clock.now()
