-- How the additional services of accounts stand (SF-100, SF-130): the newest of a person's own consents, and where they go to
-- (SF-131). $1 accounts int8[], $2 principals int8[] beside them, $3 purposes text[].
-- Rows: account, principal, purpose, given bool (null: never asked for), email, email confirmed bool, phone, phone confirmed bool
-- of the person, email, phone as the organization's base has them; none where there is no such person; purposes in their order
select w.account, w.principal, u.purpose, c.given, p.email, p.email_confirmed, p.phone, p.phone_confirmed, k.email, k.phone
from unnest($1::int8[], $2::int8[]) as w (account, principal)
cross join lateral (
  select v.email, v.email_confirmed, v.phone, v.phone_confirmed from views.person v where v.id = w.principal offset 0
) p
cross join lateral (select v.email, v.phone from views.contact v where v.account = w.account offset 0) k
cross join unnest($3::text[]) with ordinality as u (purpose, n)
left join lateral (
  select v.given from views.consent v
  where v.account = w.account and v.principal = w.principal and v.purpose = u.purpose order by v.n desc limit 1
) c on true
order by w.account, w.principal, u.n
