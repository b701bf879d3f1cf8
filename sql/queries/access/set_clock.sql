-- Sets the test clock, or clears it, and tells everybody. $1 now timestamptz (null = let time run)
with gone as (delete from clock.test where $1::timestamptz is null),
put as (
  insert into clock.test (now) select $1::timestamptz where $1::timestamptz is not null
  on conflict (single) do update set now = excluded.now
)
select pg_notify('clock', '')
