-- How the additional services of an account stand (SF-100, SF-130): the newest of a person's own consents, and where they go to
-- (SF-131). $1 account int8, $2 principal int8, $3 purposes text[].
-- Rows: purpose, given bool (null: never asked for), email, email confirmed bool, phone, phone confirmed bool of the person,
-- email, phone as the organization's base has them; none where there is no such person
select w.purpose, c.given, p.email, p.email_confirmed, p.phone, p.phone_confirmed, k.email, k.phone
from (select v.email, v.email_confirmed, v.phone, v.phone_confirmed from views.person v where v.id = $2::int8 offset 0) p
cross join (select v.email, v.phone from views.contact v where v.account = $1::int8 offset 0) k
cross join unnest($3::text[]) as w (purpose)
left join lateral (
  select v.given from views.consent v
  where v.account = $1::int8 and v.principal = $2::int8 and v.purpose = w.purpose order by v.n desc limit 1
) c on true
