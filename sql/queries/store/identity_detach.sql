-- Accounts that persons have no more. $1 persons int8[], $2 accounts int8[]
delete from access.attachment a using unnest($1::int8[], $2::int8[]) u(principal, account)
where a.principal = any ($1::int8[]) and a.principal = u.principal and a.account = u.account
