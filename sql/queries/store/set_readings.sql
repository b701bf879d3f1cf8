-- Readings change their state, and are exported again. Those that stop counting first, in a statement of its own: of a meter and
-- month at most one counts at any moment. $1 ids uuid[], $2 state text
update facts.reading set state = $2::text, seq = nextval('facts.reading_seq') where id = any ($1::uuid[])
