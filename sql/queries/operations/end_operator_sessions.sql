-- An operator's sessions end. $1 operator int8, $2 organization text (null: everywhere), $3 why text
update access.operator_session set ended_at = clock.now(), ended_why = $3::text
where operator = $1::int8 and ended_at is null and ($2::text is null or organization = $2::text)
