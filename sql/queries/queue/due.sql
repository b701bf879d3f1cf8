-- The next hold of a lane whose time has come. $1 pool, $2 lane int2. Rows: id, subject, command, attempt, position
select h.id, h.subject, h.command, h.attempt, h.position from queue.hold h
where h.pool = $1::int2 and h.lane = $2::int2 and h.state = 'waiting' and h.next_at <= statement_timestamp()
order by h.next_at limit 1
