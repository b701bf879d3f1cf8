-- Bills that another system drew, of accounts that are there; what is there already stays, and where a month is charged here it is
-- drawn here too: its bill was closed while the profile said so, or it is still to be closed. $1 organization text, $2 numbers text[],
-- $3 months date[], $4 hashes bytea[], $5 files bytea[], $6 stripped numbers text[]. Rows: place int8 (from 1), is its account there,
-- is it new, is it ours, does
-- the month still have no bill that a page would show it with
with ahead as (
  -- The first month that is still to be charged here; none: another system charges now.
  select coalesce((max(p.month) filter (where p.closed_at is not null) + interval '1 month')::date, min(p.month)) as month
  from access.organization o
  left join facts.period p on p.organization = o.code
  where o.code = $1::text and o.profile #>> '{charges,by}' = 'kabinet'
), given as (
  select u.*, a.id as account,
         coalesce(u.month >= (select h.month from ahead h), false)
         or exists (select from facts.bill b
                    where b.account = a.id and b.month = u.month and b.withdrawn_at is null
                      and (select v.profile #>> '{charges,by}' from access.profile v
                           where v.organization = $1::text and v.valid_from <= b.closed_at
                           order by v.valid_from desc limit 1) = 'kabinet') as ours
  from unnest($2::text[], $3::date[], $4::bytea[], $5::bytea[], $6::text[]) with ordinality u(number, month, hash, file, stripped, place)
  left join lateral (select k.id, k.number from facts.account k
                     where k.organization = $1::text and k.stripped = u.stripped offset 0) a on a.number = u.number
), added as (
  insert into operations.bill_file (account, month, digest, file)
  select g.account, g.month, g.hash, g.file from given g
  where g.account is not null and not g.ours and (
    select f.digest from operations.bill_file f where f.account = g.account and f.month = g.month order by f.id desc limit 1
  ) is distinct from g.hash
  order by g.place
  returning account, month
)
select g.place, g.account is not null, exists (select from added d where d.account = g.account and d.month = g.month), g.ours,
       not exists (select from facts.bill b where b.account = g.account and b.month = g.month and b.withdrawn_at is null)
from given g order by g.place
