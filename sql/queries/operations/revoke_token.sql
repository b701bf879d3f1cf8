-- A token ends now. $1 id int8. Rows: organization, name; none when there is no such token or it was revoked before
with revoked as (
  update access.token set revoked_at = clock.now() where id = $1::int8 and revoked_at is null
  returning organization, name
)
select organization, name, pg_notify('access', '') from revoked
