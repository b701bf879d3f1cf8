-- An API token by its hash. $1 bytea. Rows: id, organization, scopes, channel, rate; none when revoked or expired
select id, organization, scopes, channel, rate from access.token
where hash = $1::bytea and revoked_at is null and (expires_at is null or expires_at > clock.now())
