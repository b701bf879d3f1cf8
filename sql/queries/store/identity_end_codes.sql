-- Codes that count no more. $1 ids uuid[]
update identity.code set ended_at = clock.now() where id = any ($1::uuid[])
