-- Commands that were refused or discarded, the newest decision first.
-- $1 kind, $2 organization text, $3 subject int8, $4 since timestamptz, $5 code text (null: any), $6 limit int8,
-- $7 state text, $8 cause uuid, $9 what the payload contains jsonb (null: any).
-- Rows: id, received_at, kind, organization, state, code, actor, account (may be null), attempt, error
select c.id, c.received_at, c.kind, c.organization, s.state, s.code, c.actor, c.payload->>'account', s.attempt, s.error
from queue.exception e
join queue.command c on c.id = e.command
cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
where e.kind = $7::text and s.state = $7::text
  and ($4::timestamptz is null or e.at >= $4::timestamptz) and ($5::text is null or e.code = $5::text)
  and ($1::text is null or c.kind = $1::text) and ($2::text is null or c.organization = $2::text)
  and ($3::int8 is null or c.subject = $3::int8)
  and ($8::uuid is null or c.cause = $8::uuid) and ($9::jsonb is null or c.payload @> $9::jsonb)
order by e.at desc limit $6::int8
