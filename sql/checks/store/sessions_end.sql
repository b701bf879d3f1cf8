-- A session that is open ends when it has been idle or is too old, whichever comes first.
select id, expires_at, least(longest_at, identity.moment(
         (extract(epoch from seen_at) * 1000000)::bigint + idle)) as expected
from access.session
where id is not null and ended_at is null
  and expires_at <> least(longest_at, identity.moment((extract(epoch from seen_at) * 1000000)::bigint + idle))
