-- Whose reports these are. $1 commands uuid[] (null: the gateway has its own id), $2 providers, $3 their ids text[].
-- Rows: place in the arrays int8, command
select u.place, n.command
from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality u(command, provider, id, place)
cross join lateral (
  (select x.command from facts.notice x where x.command = u.command offset 0)
  union all
  (select x.command from facts.notice x where x.provider = u.provider and x.provider_id = u.id offset 0)
  limit 1) n
