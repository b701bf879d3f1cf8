-- Whoever writes how a gateway calls a message, and whoever reports of it, come one after the other. $1 providers,
-- $2 their ids text[]
select pg_advisory_xact_lock(hashtextextended(provider || ' ' || id, 21))
from (select distinct u.provider, u.id from unnest($1::text[], $2::text[]) u(provider, id)
      where u.id is not null order by 1, 2) u
