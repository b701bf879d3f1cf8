-- Locks payments in the order of their keys, which is the order of $1, $2 and $3, in a statement of its own: the account that they
-- are given to need not be the one that was typed, so its lock does not keep others away.
-- $1 organizations, $2 providers, $3 numbers text[]
select p.id
from unnest($1::text[], $2::text[], $3::text[]) u(organization, provider, number)
cross join lateral (select id from facts.payment k where k.organization = u.organization and k.provider = u.provider
                    and k.number = u.number for no key update) p
