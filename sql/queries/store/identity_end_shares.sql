-- What owners shared ends, of one account or of all, and with it what others could do. $1 owners int8[], $2 accounts
-- (null: all) int8[], $3 when timestamptz[]
with ended as (
  update identity.share s set ended_at = u.at
  from unnest($1::int8[], $2::int8[], $3::timestamptz[]) u(owner, account, at)
  where s.owner = any ($1::int8[]) and s.owner = u.owner and (u.account is null or s.account = u.account)
    and s.ended_at is null
  returning s.principal, s.account
)
delete from access.attachment where ctid = any (array(
  select k.ctid from ended e
  cross join lateral (select ctid from access.attachment k
                      where k.principal = e.principal and k.account = e.account and not k.owner offset 0) k))
