-- What nobody can use any more goes, a thousand rows of each at a time: registrations, links and codes whose time is over
-- (addresses and numbers stand in them), failures that are forgotten, and sessions that ended long ago. Whoever registers
-- too late is told so for a day. The record of consents stays.
with registrations as (
  delete from identity.registration where id in (
    select id from identity.registration
    where coalesce(ended_at, expires_at) < clock.now() - interval '1 day' limit 1000 for update skip locked)
), links as (
  delete from identity.link where hash in (
    select hash from identity.link
    where purpose <> 'unsubscribe' and coalesce(used_at, expires_at) < clock.now() - interval '7 days'
    limit 1000 for update skip locked)
), codes as (
  delete from identity.code where id in (
    select id from identity.code where sent_at < clock.now() - interval '2 days' limit 1000 for update skip locked)
), failures as (
  delete from identity.failure where (organization, what) in (
    select organization, what from identity.failure
    where coalesce(rests_until, since) < clock.now() - interval '2 days' limit 1000 for update skip locked)
)
delete from access.session where hash in (
  select hash from access.session
  where id is not null and coalesce(ended_at, expires_at) < clock.now() - interval '90 days'
  limit 1000 for update skip locked)
