-- How often operators were wrong, as it is now; with a count of null it is forgotten. $1 organizations, $2 whats text[],
-- $3 counts int4[], $4 since timestamptz[], $5 rests int4[], $6 rests_until timestamptz[]
with given as (
  select * from unnest($1::text[], $2::text[], $3::int4[], $4::timestamptz[], $5::int4[], $6::timestamptz[])
    u(organization, what, count, since, rests, rests_until)
), gone as (
  delete from identity.failure f using given g
  where f.organization = g.organization and f.what = g.what and g.count is null
)
insert into identity.failure (organization, what, count, since, rests, rests_until)
select organization, what, count, since, rests, rests_until from given where count is not null
on conflict (organization, what) do update set count = excluded.count, since = excluded.since, rests = excluded.rests,
  rests_until = excluded.rests_until
