-- Payments that were nobody's and have an account now. $1 ids uuid[], $2 accounts int8[], $3 the months in which they were posted date[],
-- $4 the commands that did it uuid[], $5 at timestamptz[]
update facts.payment
set (account, month, assigned_by, assigned_at) =
      (select u.account, u.month, u.command, u.at
       from unnest($1::uuid[], $2::int8[], $3::date[], $4::uuid[], $5::timestamptz[]) u(id, account, month, command, at)
       where u.id = facts.payment.id)
where id = any ($1::uuid[])
