-- What counts now of a person's own consents for an account: the newest of each purpose. $1 account int8, $2 principal int8,
-- $3 purposes text[], $4 time zone text. Rows: purpose, given bool, version, contact, at (local, RFC 3339)
select c.purpose, c.given, c.version, c.contact, views.local(c.at, $4::text)
from unnest($3::text[]) as wanted (purpose)
cross join lateral (
  select * from views.consent k
  where k.account = $1::int8 and k.principal = $2::int8 and k.purpose = wanted.purpose order by k.n desc limit 1
) c
