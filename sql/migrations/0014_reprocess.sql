-- Deciding again, or giving up, all commands that match. A job is made with the commands that it is about, cut into the
-- lanes of the pool that works it; there, part after part (kind reprocess.part), they are appended anew, let go or given
-- up, or in a dry run decided without a trace.

create table operations.reprocess_job (
  id bigint primary key generated always as identity,
  action text not null check (action in ('reprocess', 'discard')),
  dry_run boolean not null,
  states text[] not null,                          -- a command that has left them when its turn comes is let be
  filter jsonb not null,                           -- as the operator typed it
  actor text not null,
  why text not null,
  at timestamptz not null default clock_timestamp(),
  state text not null default 'running' check (state in ('running', 'paused', 'cancelled', 'done')),
  since timestamptz not null default clock_timestamp()  -- when it came to this state
);
-- How far a lane of a job is. Changed by the parts, one a lane at a time, through the functions below.
create table operations.reprocess_lane (
  job bigint not null,
  lane smallint not null,
  total bigint not null,
  position bigint not null default 0,              -- the last n that was handled
  appended bigint not null default 0,
  released bigint not null default 0,
  discarded bigint not null default 0,
  passed bigint not null default 0,                -- let be: settled or gone meanwhile
  ended boolean not null default false,            -- and everything that its parts appended has had its turn
  at timestamptz not null default clock_timestamp(),
  primary key (job, lane)
) with (fillfactor = 50);
create table operations.reprocess_row (
  job bigint not null,
  lane smallint not null,
  n bigint not null,
  command uuid not null,
  primary key (job, lane, n)
);
-- What a dry run found: so many commands of a subject are in state `was` and would come to `state`.
create table operations.reprocess_outcome (
  job bigint not null,
  organization text not null,
  subject bigint not null,
  account text,
  kind text not null,
  was text not null,
  was_code text not null,
  state text not null,
  code text not null,
  count bigint not null
);
create index reprocess_outcome_job on operations.reprocess_outcome (job);

grant select, insert, delete on operations.reprocess_row, operations.reprocess_lane, operations.reprocess_outcome
  to kabinet_operator;
grant select, insert, update (state, since) on operations.reprocess_job to kabinet_operator;
grant select on operations.reprocess_row to kabinet_workers;
grant insert on operations.reprocess_outcome to kabinet_workers;

-- What a part goes by. The job's row stays locked until the part commits: whoever pauses or cancels it waits for the parts
-- under way, and then no other begins. Two parts that may be a job's last ones come one after the other.
create function operations.reprocess_begin(the_job bigint, the_lane smallint, part uuid)
returns table (state text, action text, dry_run boolean, states text[], actor text, why text,
               "position" bigint, total bigint, ended boolean, pool smallint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from operations.reprocess_lane l
             where l.job = the_job and l.lane = the_lane and l.position = l.total) then
    perform from operations.reprocess_job j where j.id = the_job for update;
  else
    perform from operations.reprocess_job j where j.id = the_job for share;
  end if;
  return query
    select j.state, j.action, j.dry_run, j.states, j.actor, j.why, l.position, l.total, l.ended, c.pool
    from operations.reprocess_job j
    join operations.reprocess_lane l on l.job = j.id and l.lane = the_lane
    join queue.command c on c.id = part
    where j.id = the_job;
end $$;

-- A part's last word. With `is_end` the lane has ended, and with the last lane the job, which is audited.
create function operations.reprocess_advance(
  the_job bigint, the_lane smallint, to_position bigint, added bigint, let_go bigint, given_up bigint, let_be bigint,
  is_end boolean)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update operations.reprocess_lane l
  set position = to_position, appended = l.appended + added, released = l.released + let_go,
    discarded = l.discarded + given_up, passed = l.passed + let_be, ended = is_end, at = clock_timestamp()
  where l.job = the_job and l.lane = the_lane;
  if is_end and not exists (select from operations.reprocess_lane l where l.job = the_job and not l.ended) then
    update operations.reprocess_job j set state = 'done', since = clock_timestamp() where j.id = the_job;
    insert into operations.audit (actor, action, organization, details)
    select j.actor, 'job.done', j.filter->>'organization',
           jsonb_build_object('job', j.id, 'action', j.action, 'dry_run', j.dry_run, 'why', j.why, 'total', sum(l.total),
                              'appended', sum(l.appended), 'released', sum(l.released), 'discarded', sum(l.discarded),
                              'passed', sum(l.passed))
    from operations.reprocess_job j join operations.reprocess_lane l on l.job = j.id where j.id = the_job group by j.id;
  end if;
end $$;
revoke all on function operations.reprocess_begin(bigint, smallint, uuid),
  operations.reprocess_advance(bigint, smallint, bigint, bigint, bigint, bigint, bigint, boolean) from public;
grant execute on function operations.reprocess_begin(bigint, smallint, uuid),
  operations.reprocess_advance(bigint, smallint, bigint, bigint, bigint, bigint, bigint, boolean) to kabinet_workers;

-- Which of these commands a failure keeps in a lane: each is the head of its hold. `single`: nothing stands behind it.
create function queue.heads(the_pool smallint, the_lane smallint, commands uuid[])
returns table (command uuid, hold bigint, single boolean, n bigint) language sql stable as $$
  select u.id, h.id, true, 0::bigint from unnest(commands) u(id)
  join queue.hold h on h.command = u.id and h.pool = the_pool and h.lane = the_lane
  union all
  select u.id, h.id, false, p.n from unnest(commands) u(id)
  join queue.parked p on p.command = u.id
  join queue.hold h on h.id = p.hold and p.n > h.position and h.command is null and h.pool = the_pool and h.lane = the_lane
  where not exists (select from queue.parked q where q.hold = h.id and q.n > h.position and q.n < p.n)
$$;

-- When the next of many holds that are let go at once may be tried: `apart` after the last one that waits for its first
-- try. What is due goes before what has just come, so they must not come all at once.
create function queue.first_turn(the_pool smallint, the_lane smallint, apart interval) returns timestamptz
language sql volatile as $$
  select greatest(clock_timestamp(), max(h.next_at) + apart) from queue.hold h
  where h.pool = the_pool and h.lane = the_lane and h.state = 'waiting' and h.attempt = 0
$$;

-- What changes a lane from outside takes its lock first and its next n in the end, with the cursor as it was: no other
-- owner's view of the lane stays valid, so nobody parks into a hold that ends here. Then it is woken. `own`: the caller
-- is the lane's owner, and completes its batch.
create function queue.touch(the_pool smallint, the_lane smallint, own boolean) returns void
language plpgsql volatile as $$
begin
  if not own then
    insert into queue.batch (pool, lane, n, low, high, xid, seq, count, refused)
    select pool, lane, n + 1, low, high, xid, seq, 0, 0
    from queue.batch where pool = the_pool and lane = the_lane order by n desc limit 1;
  end if;
  perform pg_notify('queue_append',
                    the_pool || ':' || repeat('0', the_lane / 4) || to_hex(1 << the_lane % 4));
end $$;

-- Tries again, as if for the first time, what of these commands failed in a lane. `note` is kept with each. Returns which.
create function queue.try_again(
  the_pool smallint, the_lane smallint, commands uuid[], note jsonb, own boolean default false,
  apart interval default '0')
returns setof uuid language plpgsql volatile as $$
declare tried uuid[];
begin
  perform pg_advisory_xact_lock(the_pool, the_lane);
  with head as (
    select e.command, e.hold, row_number() over (order by e.hold) - 1 as place
    from queue.heads(the_pool, the_lane, commands) e
  ), first as (
    select queue.first_turn(the_pool, the_lane, apart) as at
  ), moved as (
    update queue.hold h set state = 'waiting', attempt = 0, next_at = first.at + head.place * apart
    from head, first where h.id = head.hold returning head.command
  ), told as (
    insert into queue.exception (command, kind, body) select command, 'retried', note from moved
  )
  select array_agg(command) into tried from moved;
  if tried is null then return; end if;
  perform queue.touch(the_pool, the_lane, own);
  return query select unnest(tried);
end $$;

-- Gives up what of these commands failed in a lane; what stands behind it goes on. `note` is kept with each. Those who wait
-- for them are told. Returns which.
create function queue.give_up(
  the_pool smallint, the_lane smallint, commands uuid[], note jsonb, own boolean default false,
  apart interval default '0')
returns setof uuid language plpgsql volatile as $$
declare given uuid[];
begin
  perform pg_advisory_xact_lock(the_pool, the_lane);
  with head as (
    select e.command, e.hold, e.n, row_number() over (order by e.hold) - 1 as place,
           not e.single and exists (select from queue.parked q where q.hold = e.hold and q.n > e.n) as goes_on
    from queue.heads(the_pool, the_lane, commands) e
  ), first as (
    select queue.first_turn(the_pool, the_lane, apart) as at
  ), ended as (
    delete from queue.hold h using head where h.id = head.hold and not head.goes_on returning head.command
  ), moved as (
    update queue.hold h
    set state = 'waiting', attempt = 0, next_at = first.at + head.place * apart, position = head.n
    from head, first where h.id = head.hold and head.goes_on returning head.command
  ), told as (
    insert into queue.exception (command, kind, body)
    select u.command, 'discarded', note from (select command from ended union all select command from moved) u
  )
  select array_agg(u.command) into given from (select command from ended union all select command from moved) u;
  if given is null then return; end if;
  perform queue.touch(the_pool, the_lane, own);
  perform pg_notify('queue_decided', the_pool || ':' || the_lane);
  return query select unnest(given);
end $$;
