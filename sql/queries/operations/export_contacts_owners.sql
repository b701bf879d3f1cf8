-- The same for who takes one row an account: the contacts of its owner, that is of whose login it is, else of who has had it
-- longest, among those who confirmed any. $1 organization text, $2 after n, $3 up to n int8, $4 not before timestamptz (null:
-- all), $5 limit int8.
-- Rows: n, number, principal, role (both null: nobody has confirmed any contact any more), phone, its confirmation, email, its
-- confirmation (each may be null), channel, at
select c.n, a.number, o.principal, case when o.principal is not null then 'owner' end, o.phone, o.phone_at, o.email, o.email_at,
       c.channel, c.at
from (
  select k.n, k.account, k.channel, k.at from identity.contact k
  where k.organization = $1::text and k.n > $2::int8 and k.n <= $3::int8
    and ($4::timestamptz is null or k.at >= $4::timestamptz)
    and not exists (select from identity.contact l where l.account = k.account and l.n > k.n and l.n <= $3::int8)
    and exists (select from identity.contact l where l.account = k.account and l.n <= k.n and l.confirmed)
  order by k.n limit $5::int8
) c
join facts.account a on a.id = c.account
left join lateral (
  select t.principal, p.value as phone, p.confirmed_at as phone_at, e.value as email, e.confirmed_at as email_at
  from access.attachment t
  join access.principal h on h.id = t.principal
  left join lateral (
    select case when k.confirmed then k.value end as value, case when k.value is not null then k.confirmed_at end as confirmed_at
    from identity.contact k
    where k.account = t.account and k.principal = t.principal and k.kind = 'phone' and k.n <= $3::int8
    order by k.n desc limit 1) p on true
  left join lateral (
    select case when k.confirmed then k.value end as value, case when k.value is not null then k.confirmed_at end as confirmed_at
    from identity.contact k
    where k.account = t.account and k.principal = t.principal and k.kind = 'email' and k.n <= $3::int8
    order by k.n desc limit 1) e on true
  where t.account = c.account and t.owner and (p.value is not null or e.value is not null)
  order by h.account is not distinct from t.account desc, t.attached_at, t.principal limit 1) o on true
order by c.n
