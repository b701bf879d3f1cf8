-- Commands that wait for their lane, the oldest first.
-- $1 kind, $2 organization text, $3 subject int8, $4 since timestamptz, $5 code text (null: any), $6 limit int8,
-- $7 state text, $8 cause uuid, $9 what the payload contains jsonb (null: any).
-- Rows: id, received_at, kind, organization, state, code, actor, account (may be null), attempt, error
select c.id, c.received_at, c.kind, c.organization, $7::text, '', q.actor, q.payload->>'account', 0, ''
from (
  select c.* from queue.waiting c
  where ($1::text is null or c.kind = $1::text) and ($2::text is null or c.organization = $2::text)
  and ($3::int8 is null or c.subject = $3::int8)
    and ($4::timestamptz is null or c.id >= queue.first_id($4::timestamptz)) and $5::text is null
    and ($8::uuid is null and $9::jsonb is null
         or exists (select from queue.command q where q.id = c.id and ($8::uuid is null or q.cause = $8::uuid)
                      and ($9::jsonb is null or q.payload @> $9::jsonb)))
  order by c.xid, c.seq limit $6::int8) c
join queue.command q on q.id = c.id
order by c.xid, c.seq
