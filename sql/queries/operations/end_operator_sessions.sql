-- An operator's sessions end, and everyone who keeps one is told. $1 operator int8, $2 organization text (null: everywhere),
-- $3 why text
with ended as (
  update access.operator_session set ended_at = clock.now(), ended_why = $3::text
  where operator = $1::int8 and ended_at is null and ($2::text is null or organization = $2::text)
)
select pg_notify('access', '')
