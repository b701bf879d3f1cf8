-- What counts now of an account's consents: the newest of each purpose. $1 account int8, $2 purposes text[],
-- $3 time zone text. Rows: purpose, given bool, version, contact, at (local, RFC 3339)
select c.purpose, c.given, c.version, c.contact, views.local(c.at, $3::text)
from unnest($2::text[]) as wanted (purpose)
cross join lateral (
  select * from views.consent k where k.account = $1::int8 and k.purpose = wanted.purpose order by k.n desc limit 1
) c
