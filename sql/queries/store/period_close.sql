-- Closes a month, opened or not: from now on nothing enters it. $1 organization text, $2 month date, $3 at timestamptz
insert into facts.period (organization, month, opened_at, closed_at)
values ($1::text, $2::date, least($2::date::timestamptz, $3::timestamptz), $3::timestamptz)
on conflict (organization, month) do update set closed_at = excluded.closed_at where facts.period.closed_at is null
