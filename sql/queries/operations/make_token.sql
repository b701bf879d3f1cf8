-- A new token by its hash. $1 hash bytea, $2 organization, $3 name text, $4 scopes text[], $5 channel text,
-- $6 rate int4 (requests a second), $7 expires date (null: never; the organization's midnight). Rows: id, expires_at
with made as (
  insert into access.token (hash, organization, name, scopes, channel, rate, expires_at)
  values ($1::bytea, $2::text, $3::text, $4::text[], $5::text, $6::int4,
          $7::date::timestamp at time zone (select time_zone from access.organization where code = $2::text))
  returning id, expires_at
)
select id, expires_at, pg_notify('access', '') from made
