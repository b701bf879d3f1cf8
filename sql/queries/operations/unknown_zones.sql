-- Which of these are no time zones. $1 names text[]. Rows: name
select distinct z from unnest($1::text[]) z where not exists (select from pg_timezone_names n where n.name = z) order by z
