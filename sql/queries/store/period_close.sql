-- Closes a month, opened or not: from now on nothing enters it. Whoever writes months of house meters has done so before, or
-- sees that it is closed (`house_fence`). $1 organization text, $2 month date, $3 at timestamptz
with fence as materialized (
  select pg_advisory_xact_lock(hashtextextended('house months ' || $1::text, 0))
)
insert into facts.period (organization, month, opened_at, closed_at)
select $1::text, $2::date, least($2::date::timestamptz, $3::timestamptz), $3::timestamptz from fence
on conflict (organization, month) do update set closed_at = excluded.closed_at where facts.period.closed_at is null
