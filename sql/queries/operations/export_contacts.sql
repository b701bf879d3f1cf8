-- Contacts as they are now of persons who changed them at an account: a row a person, in the order in which it last changed.
-- Only what was confirmed counts, and of who never confirmed any nothing is said. What names no person is of before, and
-- nobody's by now: it goes out empty, unless a person's came behind it. For who takes one row an account: the contacts of its
-- owner, that is of whose login it is, else of who has had it longest, among those who confirmed any.
-- $1 organization text, $2 after n, $3 up to n int8, $4 not before timestamptz (null: all), $5 limit int8,
-- $6 one row an account bool.
-- Rows: n, number, principal (null: nobody's), role (owner, co-owner, former; null: nobody's contact of an account's), phone,
-- its confirmation, email, its confirmation (each may be null), channel, at
select c.n, a.number, o.principal, o.role, o.phone, o.phone_at, o.email, o.email_at, c.channel, c.at
from (
  select k.n, k.account, k.principal, k.channel, k.at from identity.contact k
  where k.organization = $1::text and k.n > $2::int8 and k.n <= $3::int8
    and ($4::timestamptz is null or k.at >= $4::timestamptz)
    and not exists (select from identity.contact l
                    where l.account = k.account and ($6::bool or k.principal is null or l.principal = k.principal)
                      and l.n > k.n and l.n <= $3::int8)
    and exists (select from identity.contact l
                where l.account = k.account and ($6::bool or l.principal is not distinct from k.principal)
                  and l.n <= k.n and l.confirmed)
  order by k.n limit $5::int8
) c
join facts.account a on a.id = c.account
left join lateral (
  with holder as (
    -- Whose login the account is, then who has had it longest.
    select t.principal,
           row_number() over (order by h.account is not distinct from t.account desc, t.attached_at, t.principal) as place
    from access.attachment t join access.principal h on h.id = t.principal
    where t.account = c.account and t.owner)
  select w.principal, w.role, p.value as phone, p.confirmed_at as phone_at, e.value as email, e.confirmed_at as email_at
  from (
    select h.principal, h.place, 'owner' as role from holder h where $6::bool
    union all
    select s.principal, h.place, case when h.place is null then 'former' when h.place = 1 then 'owner' else 'co-owner' end
    from (values (c.principal)) s(principal) left join holder h on h.principal = s.principal where not $6::bool) w
  left join lateral (
    select case when k.confirmed then k.value end as value, case when k.value is not null then k.confirmed_at end as confirmed_at
    from identity.contact k
    where k.account = c.account and k.principal = w.principal and k.kind = 'phone' and k.n <= $3::int8
    order by k.n desc limit 1) p on true
  left join lateral (
    select case when k.confirmed then k.value end as value, case when k.value is not null then k.confirmed_at end as confirmed_at
    from identity.contact k
    where k.account = c.account and k.principal = w.principal and k.kind = 'email' and k.n <= $3::int8
    order by k.n desc limit 1) e on true
  where not $6::bool or p.value is not null or e.value is not null
  order by w.place limit 1) o on true
order by c.n
