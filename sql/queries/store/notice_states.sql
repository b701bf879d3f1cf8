-- What is known of notices before they are sent (again). $1 commands uuid[]. Rows: command, state
select command, state from facts.notice where command = any ($1::uuid[])
