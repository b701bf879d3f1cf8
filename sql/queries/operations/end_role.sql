-- An operator's role ends. $1 operator int8, $2 organization text (null: everywhere). Rows: organization, role
update access.operator_role set ended_at = clock_timestamp()
where operator = $1::int8 and ended_at is null and ($2::text is null or organization = $2::text)
returning organization, role
