-- Locks the accounts of a batch in id order, in a statement of its own, so that what is loaded next is what others left.
-- $1 organizations text[], $2 stripped numbers text[]
select a.id from facts.account a
join unnest($1::text[], $2::text[]) u(organization, stripped)
  on a.organization = u.organization and a.stripped = u.stripped
order by a.id for no key update of a
