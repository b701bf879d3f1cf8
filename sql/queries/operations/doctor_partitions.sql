-- Partitions that should be there and are not: this week and the next, these four days and the next (UTC). Rows: name
select w.name from (
  select p.parent || '_' || to_char(date_trunc('week', clock_timestamp() at time zone 'UTC') + n * interval '7 days',
                                    'YYYYMMDD') as name
  from unnest(array['command', 'exception']) p(parent), generate_series(0, 1) n
  union all
  select 'idempotency_' || to_char(queue.first_day((clock_timestamp() at time zone 'UTC')::date) + 4 * n, 'YYYYMMDD')
  from generate_series(0, 1) n) w
where to_regclass('queue.' || w.name) is null order by w.name
