-- What o'clock it is costs a statement 3.5 µs instead of 12 (measured): the plan of the question is kept from statement to
-- statement, where that of a function in SQL is made anew in each. Every page and every batch asks.
create or replace function clock.now() returns timestamptz
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as
$$ begin return coalesce((select t.now from clock.test t), clock_timestamp()); end $$;
