-- Readings change their state. Those that stop counting first, in a statement of its own: of a meter and month at most one
-- counts at any moment. $1 ids uuid[], $2 states text[]
update facts.reading r set state = u.state
from unnest($1::uuid[], $2::text[]) u(id, state) where r.id = u.id
