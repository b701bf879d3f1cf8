-- What a command that failed keeps waiting in a lane. $1 command uuid, $2 pool, $3 lane int2.
-- Rows: hold int8, single bool, n int8 (its place among the parked; 0 when single); none when it is no head of a hold
select h.id, true, 0::int8 from queue.hold h
where h.command = $1::uuid and h.pool = $2::int2 and h.lane = $3::int2
union all
select h.id, false, p.n from queue.parked p join queue.hold h on h.id = p.hold and p.n > h.position
where p.command = $1::uuid and h.command is null and h.pool = $2::int2 and h.lane = $3::int2
  and not exists (select from queue.parked q where q.hold = h.id and q.n > h.position and q.n < p.n)
