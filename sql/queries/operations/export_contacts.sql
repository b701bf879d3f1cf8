-- Contacts that people changed, in the order of n. $1 organization text, $2 after n, $3 up to n int8, $4 not before
-- timestamptz (null: all), $5 limit int8.
-- Rows: n, number, kind, value (null: it is gone), confirmed, channel, at
select c.n, a.number, c.kind, c.value, c.confirmed, c.channel, c.at
from identity.contact c join facts.account a on a.id = c.account
where c.organization = $1::text and c.n > $2::int8 and c.n <= $3::int8
  and ($4::timestamptz is null or c.at >= $4::timestamptz)
order by c.n limit $5::int8
