-- Money that was taken back. $1 ids uuid[], $2 the commands that did it uuid[]
update facts.payment set reversed_by = (select u.command from unnest($1::uuid[], $2::uuid[]) u(id, command) where u.id = facts.payment.id)
where id = any ($1::uuid[])
