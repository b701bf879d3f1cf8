-- Bills that another system drew, of accounts that are there; what is there already stays. $1 organization text, $2 numbers text[],
-- $3 months date[], $4 hashes bytea[], $5 files bytea[], $6 stripped numbers text[]. Rows: place int8 (from 1), is its account there, is it new
with given as (
  select u.*, a.id as account
  from unnest($2::text[], $3::date[], $4::bytea[], $5::bytea[], $6::text[]) with ordinality u(number, month, hash, file, stripped, place)
  left join lateral (select k.id, k.number from facts.account k
                     where k.organization = $1::text and k.stripped = u.stripped offset 0) a on a.number = u.number
), added as (
  insert into operations.bill_file (account, month, digest, file)
  select g.account, g.month, g.hash, g.file from given g
  where g.account is not null and (
    select f.digest from operations.bill_file f where f.account = g.account and f.month = g.month order by f.id desc limit 1
  ) is distinct from g.hash
  order by g.place
  returning account, month
)
select g.place, g.account is not null, exists (select from added d where d.account = g.account and d.month = g.month)
from given g order by g.place
