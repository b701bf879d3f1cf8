-- What jobs ask for each of their commands must be look-ups by keys, whatever the server knew of the tables when the session
-- first asked. Of tables that were empty then, the planner came to a parked command from all holds there are (measured with
-- 20,000 holds: 102,000,000 blocks for a part of 500 commands, instead of 2,500). OFFSET 0 keeps the way.

-- As before.
create or replace function queue.standing(the_id uuid, the_pool smallint, the_lane smallint, the_xid xid8, the_seq bigint)
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
    from (select k.hold, k.n from queue.parked k where k.command = the_id offset 0) p
    cross join lateral (select * from queue.hold k where k.id = p.hold and p.n > k.position offset 0) w
    limit 1) h on true
$$;

-- As before. The lane is asked afterwards: by it, all holds of the lane would be read for each.
create or replace function queue.heads(the_pool smallint, the_lane smallint, commands uuid[])
returns table (command uuid, hold bigint, single boolean, n bigint) language sql stable as $$
  select u.id, h.id, true, 0::bigint from unnest(commands) u(id)
  cross join lateral (select k.id, k.pool, k.lane from queue.hold k where k.command = u.id offset 0) h
  where h.pool = the_pool and h.lane = the_lane
  union all
  select u.id, h.id, false, p.n from unnest(commands) u(id)
  cross join lateral (select k.hold, k.n from queue.parked k where k.command = u.id offset 0) p
  cross join lateral (select k.* from queue.hold k where k.id = p.hold offset 0) h
  where p.n > h.position and h.command is null and h.pool = the_pool and h.lane = the_lane
    and not exists (select from queue.parked q where q.hold = h.id and q.n > h.position and q.n < p.n)
$$;

-- Holds that wait for their first try, by time. Without it the last of them was looked for among all that wait in the lane.
create index hold_first on queue.hold (pool, lane, next_at) where state = 'waiting' and attempt = 0;

-- As before.
create or replace function queue.first_turn(the_pool smallint, the_lane smallint, apart interval) returns timestamptz
language sql volatile as $$
  select greatest(clock_timestamp(), (
    select h.next_at from queue.hold h
    where h.pool = the_pool and h.lane = the_lane and h.state = 'waiting' and h.attempt = 0
    order by h.next_at desc limit 1) + apart)
$$;

-- As before, but the holds are changed by their listed ids: an UPDATE or DELETE of what a join finds came from all holds too.
-- Under the lane's lock nobody else ends or moves them meanwhile.
create or replace function queue.try_again(
  the_pool smallint, the_lane smallint, commands uuid[], note jsonb, own boolean default false,
  apart interval default '0')
returns setof uuid language plpgsql volatile as $$
declare
  tried uuid[];
  holds bigint[];
  first_at timestamptz;
begin
  perform pg_advisory_xact_lock(the_pool, the_lane);
  select array_agg(e.command order by e.hold), array_agg(e.hold order by e.hold), queue.first_turn(the_pool, the_lane, apart)
    into tried, holds, first_at
  from queue.heads(the_pool, the_lane, commands) e;
  if tried is null then return; end if;
  update queue.hold h
  set state = 'waiting', attempt = 0, next_at = first_at + (array_position(holds, h.id) - 1) * apart
  where h.id = any (holds);
  insert into queue.exception (command, kind, body) select unnest(tried), 'retried', note;
  perform queue.touch(the_pool, the_lane, own);
  return query select unnest(tried);
end $$;

-- As before, likewise.
create or replace function queue.give_up(
  the_pool smallint, the_lane smallint, commands uuid[], note jsonb, own boolean default false,
  apart interval default '0')
returns setof uuid language plpgsql volatile as $$
declare
  given uuid[];
  holds bigint[];
  positions bigint[];
  ended bigint[];
  first_at timestamptz;
begin
  perform pg_advisory_xact_lock(the_pool, the_lane);
  with head as materialized (
    select e.command, e.hold, e.n,
           not e.single and exists (select from queue.parked q where q.hold = e.hold and q.n > e.n) as goes_on
    from queue.heads(the_pool, the_lane, commands) e
  )
  select array_agg(h.command order by h.hold), array_agg(h.hold order by h.hold), array_agg(h.n order by h.hold),
         array_agg(h.hold) filter (where not h.goes_on), queue.first_turn(the_pool, the_lane, apart)
    into given, holds, positions, ended, first_at
  from head h;
  if given is null then return; end if;
  delete from queue.hold h where h.id = any (ended);
  update queue.hold h
  set state = 'waiting', attempt = 0, position = positions[array_position(holds, h.id)],
    next_at = first_at + (array_position(holds, h.id) - 1) * apart
  where h.id = any (holds);
  insert into queue.exception (command, kind, body) select unnest(given), 'discarded', note;
  perform queue.touch(the_pool, the_lane, own);
  perform pg_notify('queue_decided', the_pool || ':' || the_lane);
  return query select unnest(given);
end $$;
