-- What was wrong how often, as it is now. $1 rows jsonb (one without a count is forgotten)
with given as (
  select * from jsonb_to_recordset($1::jsonb) r(organization text, what text, count int4, since int8, rests int4,
    rests_until int8)
), gone as (
  delete from identity.failure f using given g
  where f.what = any (array(select what from given where count is null)) and f.organization = g.organization and f.what = g.what and g.count is null
)
insert into identity.failure (organization, what, count, since, rests, rests_until)
select organization, what, count, identity.moment(since), rests, identity.moment(rests_until)
from given where count is not null
on conflict (what, organization) do update set count = excluded.count, since = excluded.since, rests = excluded.rests,
  rests_until = excluded.rests_until
