-- Tokens of an organization, without their hashes. $1 organization text.
-- Rows: id, name, scopes text[], channel, rate, created_at, expires_at, revoked_at (the last two may be null), valid bool
select id, name, scopes, channel, rate, created_at, expires_at, revoked_at,
       revoked_at is null and (expires_at is null or expires_at > clock.now())
from access.token where organization = $1::text order by id
