-- Partitions that should be there and are not: this week and the next, these four days and the next (UTC). The next ones
-- are made hourly, so there are two hours for it. Rows: name
with moment(at, next) as (
  values (clock_timestamp() at time zone 'UTC', 0), ((clock_timestamp() - interval '2 hours') at time zone 'UTC', 1)
)
select w.name from (
  select p.parent || '_' || to_char(date_trunc('week', t.at) + t.next * interval '7 days', 'YYYYMMDD') as name
  from unnest(array['command', 'exception']) p(parent), moment t
  union all
  select 'idempotency_' || to_char(queue.first_day(t.at::date) + 4 * t.next, 'YYYYMMDD') from moment t) w
where to_regclass('queue.' || w.name) is null order by w.name
