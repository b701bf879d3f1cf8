-- Contacts as they are now of persons who changed them at an account: a row a person, in the order in which it last changed.
-- Only what was confirmed counts, and of who never confirmed any nothing is said. What names no person is of before, and
-- nobody's by now: it goes out empty, unless a person's came behind it. $1 organization text, $2 after n, $3 up to n int8,
-- $4 not before timestamptz (null: all), $5 limit int8.
-- Rows: n, number, principal (null: nobody's), role (owner, co-owner, former), phone, its confirmation, email, its confirmation
-- (each may be null), channel, at
select c.n, a.number, c.principal,
       case when h.principal is null then 'former' when m.principal = c.principal then 'owner' else 'co-owner' end,
       p.value, p.confirmed_at, e.value, e.confirmed_at, c.channel, c.at
from (
  select k.n, k.account, k.principal, k.channel, k.at from identity.contact k
  where k.organization = $1::text and k.n > $2::int8 and k.n <= $3::int8
    and ($4::timestamptz is null or k.at >= $4::timestamptz)
    and not exists (select from identity.contact l
                    where l.account = k.account and (k.principal is null or l.principal = k.principal)
                      and l.n > k.n and l.n <= $3::int8)
    and exists (select from identity.contact l where l.account = k.account and l.principal is not distinct from k.principal
                  and l.n <= k.n and l.confirmed)
  order by k.n limit $5::int8
) c
join facts.account a on a.id = c.account
left join access.attachment h on h.principal = c.principal and h.account = c.account and h.owner
-- Whose login the account is, else who has had it longest.
left join lateral (
  select t.principal from access.attachment t join access.principal o on o.id = t.principal
  where t.account = c.account and t.owner
  order by o.account is not distinct from t.account desc, t.attached_at, t.principal limit 1) m on true
left join lateral (
  select case when k.confirmed then k.value end as value, case when k.value is not null then k.confirmed_at end as confirmed_at
  from identity.contact k
  where k.account = c.account and k.principal = c.principal and k.kind = 'phone' and k.n <= $3::int8
  order by k.n desc limit 1) p on true
left join lateral (
  select case when k.confirmed then k.value end as value, case when k.value is not null then k.confirmed_at end as confirmed_at
  from identity.contact k
  where k.account = c.account and k.principal = c.principal and k.kind = 'email' and k.n <= $3::int8
  order by k.n desc limit 1) e on true
order by c.n
