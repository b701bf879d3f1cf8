-- Accounts that persons have no more. $1 persons int8[], $2 accounts int8[]
-- Looked up one by one, then gone by where they stand: a join planned while the table was empty reads all of it.
delete from access.attachment where ctid = any (array(
  select k.ctid from unnest($1::int8[], $2::int8[]) u(principal, account)
  cross join lateral (select ctid from access.attachment k
                      where k.principal = u.principal and k.account = u.account offset 0) k))
