-- A job comes to another state, once the parts under way have ended. $1 job int8, $2 from text[], $3 to text.
-- Rows: one, or none when it was in none of the states
update operations.reprocess_job set state = $3::text, since = clock_timestamp()
where id = $1::int8 and state = any ($2::text[]) returning id
