-- Every consent and withdrawal of a person, oldest first. $1 principal int8, $2 time zone text.
-- Rows: account number (null: the terms), purpose, given bool, version, contact, channel, at (local, RFC 3339)
select a.number, c.purpose, c.given, c.version, c.contact, c.channel,
       views.local(c.at, $2::text)
from (select * from views.consent k where k.principal = $1::int8 offset 0) c
left join lateral (select number from views.account k where k.id = c.account offset 0) a on true
order by c.n
