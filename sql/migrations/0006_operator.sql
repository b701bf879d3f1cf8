-- What the operators' command line needs beyond reading. Retrying and discarding move a hold by hand: like every owner of
-- a lane the operator takes the lane's lock and its next n, so the one more right is to insert batch rows.

-- Commands behind no cursor yet, lane by lane, found through the index: those under way when the lane's diff began, those
-- that began later, and those of the next diff. What stepped aside into queue.parked has passed its cursor and is not
-- here. An owner's view, so that its readers need nothing else.
create view queue.waiting as
select c.id, c.xid, c.seq, c.pool, c.lane, c.kind, c.organization, c.subject, c.received_at
from queue.pool p
cross join generate_series(0, p.lanes - 1) l(lane)
cross join lateral (
  select case when b.xid is null then b.high else b.low end as base, b.high, b.xid,
         coalesce(b.xid, '0') as at_xid, coalesce(b.seq, 0) as at_seq
  from queue.batch b where b.pool = p.id and b.lane = l.lane::int2 order by b.n desc limit 1) b
cross join lateral (
  (select w.* from pg_snapshot_xip(b.base) x join queue.command w
     on w.pool = p.id and w.lane = l.lane::int2 and w.xid = x and (w.xid, w.seq) > (b.at_xid, b.at_seq))
  union all
  (select w.* from queue.command w
   where w.pool = p.id and w.lane = l.lane::int2 and w.xid >= pg_snapshot_xmax(b.base)
     and (w.xid, w.seq) > (b.at_xid, b.at_seq))
  union all
  (select w.* from pg_snapshot_xip(b.high) x join queue.command w
     on w.pool = p.id and w.lane = l.lane::int2 and w.xid = x and (w.xid, w.seq) <= (b.at_xid, b.at_seq)
   where b.xid is not null)) c;

-- The real time at which a command's id was made: received_at may be the test clock's, or a retried command's.
create function queue.made_at(id uuid) returns timestamptz language sql immutable
return to_timestamp((('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint) / 1000.0);

grant select on queue.waiting to kabinet_operator;
grant insert on queue.batch to kabinet_operator;

-- Where one command stands, more finely than queue/outcomes says it: a held command is `failed` (it will be tried again)
-- or `abandoned` (it waits for an operator), those behind it are `parked`. `hold` is what keeps it.
create function queue.standing(the_id uuid, the_pool smallint, the_lane smallint, the_xid xid8, the_seq bigint)
returns table (state text, code text, body jsonb, attempt int, error text, hold bigint) language sql stable as $$
  select case when e.kind in ('refused', 'discarded') then e.kind
              when h.is_head then case h.state when 'abandoned' then 'abandoned' else 'failed' end
              when h.id is not null then 'parked'
              when e.kind = 'result' then 'done'
              when e.kind = 'abandoned' then 'abandoned'
              when queue.passed(the_pool, the_lane, the_xid, the_seq) then 'done'
              else 'pending' end,
         coalesce(e.code, ''), coalesce(e.body, '{}'), coalesce(h.attempt, e.attempt, 0),
         coalesce(h.error, e.body->>'error', ''), h.id
  from (select) one
  left join lateral (
    select x.kind, x.code, x.body, x.attempt from queue.exception x
    where x.command = the_id order by x.at desc, x.attempt desc limit 1) e on true
  left join lateral (
    select w.id, w.state, w.attempt, w.error, true as is_head from queue.hold w where w.command = the_id
    union all
    select w.id, w.state, w.attempt, w.error,
           not exists (select from queue.parked q where q.hold = w.id and q.n > w.position and q.n < p.n)
    from queue.parked p join queue.hold w on w.id = p.hold and p.n > w.position
    where p.command = the_id
    limit 1) h on true
$$;

-- `kabinet migrate` makes this table before the first migration; a schema made by hand has none.
do $$
begin
  if to_regclass('kabinet.migration') is not null then
    grant usage on schema kabinet to kabinet_operator;
    grant select on kabinet.migration to kabinet_operator;
  end if;
end $$;
