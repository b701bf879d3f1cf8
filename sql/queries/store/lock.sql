-- Locks the accounts of a batch in id order, in a statement of its own, so that what is loaded next is what others left.
-- $1 organizations text[], $2 stripped numbers text[]
-- Sorted first, then locked one by one. OFFSET 0, here and in the other statements of this folder, keeps a look-up one by
-- its key: a plan made while the table was empty walks the whole of it, and stays for the life of the session (measured:
-- 200,000 accounts walked to lock 100).
select a.id
from (
  select w.id from unnest($1::text[], $2::text[]) u(organization, stripped)
  cross join lateral (select id from facts.account k
                      where k.organization = u.organization and k.stripped = u.stripped offset 0) w
  order by w.id
) wanted
cross join lateral (select id from facts.account k where k.id = wanted.id for no key update) a
