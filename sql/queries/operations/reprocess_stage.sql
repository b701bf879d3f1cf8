-- The commands that a job is about, as one set: in the lane that their subject has among $2, each subject's together and
-- in the order in which their lanes had them. What was repeated since (its repeat counts), and what another job is about
-- to, is left out; so are parts of jobs.
-- $1 job int8, $2 lanes int4, $3 states text[], $4 kind, $5 organization text, $6 subject int8, $7 since timestamptz,
-- $8 code text, $9 cause uuid, $10 what the payload contains jsonb (null: any). Rows: lane int2, rows int8
with cursor as materialized (
  select p.id as pool, l.lane::int2 as lane, b.low, b.high, b.xid, b.seq
  from queue.pool p cross join generate_series(0, p.lanes_ever - 1) l(lane)
  cross join lateral (
    select low, high, xid, seq from queue.batch where pool = p.id and lane = l.lane::int2 order by n desc limit 1) b
), found as (
  select e.command as id from queue.exception e
  where e.kind in ('refused', 'discarded') and e.kind = any ($3::text[])
    and ($7::timestamptz is null or e.at >= $7::timestamptz) and ($8::text is null or e.code = $8::text)
  union
  select coalesce(h.command, first.command) from queue.hold h
  left join lateral (
    select p.command from queue.parked p where p.hold = h.id and p.n > h.position order by p.n limit 1) first
    on h.command is null
  where case h.state when 'abandoned' then 'abandoned' else 'failed' end = any ($3::text[])
    and ($7::timestamptz is null or h.since >= $7::timestamptz) and $8::text is null
  union
  select c.id from queue.command c join cursor k on k.pool = c.pool and k.lane = c.lane
  where 'done' = any ($3::text[]) and $8::text is null
    and ($7::timestamptz is null or c.id >= queue.first_id($7::timestamptz))
    and case when k.xid is null then pg_visible_in_snapshot(c.xid, k.high)
             else pg_visible_in_snapshot(c.xid, k.low)
                  or pg_visible_in_snapshot(c.xid, k.high) and (c.xid, c.seq) <= (k.xid, k.seq) end
    and not exists (select from queue.exception e where e.command = c.id and e.kind in ('refused', 'discarded'))
    and not exists (select from queue.hold h where h.command = c.id)
    and not exists (select from queue.parked p join queue.hold h on h.id = p.hold and p.n > h.position
                    where p.command = c.id)
), staged as (
  insert into operations.reprocess_row (job, lane, n, command)
  select $1::int8, t.lane,
         row_number() over (partition by t.lane order by t.pool, t.origin, t.subject, t.xid, t.seq), t.id
  from (
    select c.id, c.pool, c.lane as origin, c.subject, c.xid, c.seq,
           queue.lane(c.subject, $2::int4) as lane
    from found f join queue.command c on c.id = f.id
    where c.kind <> 'reprocess.part'
      and ($4::text is null or c.kind = $4::text) and ($5::text is null or c.organization = $5::text)
      and ($6::int8 is null or c.subject = $6::int8)
      and ($9::uuid is null or c.cause = $9::uuid) and ($10::jsonb is null or c.payload @> $10::jsonb)
      and not exists (select from queue.command r where r.cause = c.id and r.kind = c.kind)
      and not exists (select from operations.reprocess_row r join operations.reprocess_job j on j.id = r.job
                      where r.command = c.id and j.state in ('running', 'paused') and not j.dry_run)) t
  returning lane
)
insert into operations.reprocess_lane (job, lane, total)
select $1::int8, lane, count(*) from staged group by lane
returning lane, total
