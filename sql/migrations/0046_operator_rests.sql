-- Whoever sets an operator's password ends the rests that guesses at the one before began, wherever they came from, as a change
-- of it within a session does. The role at the command line can take away these rows and no others.
create function identity.forget_operator_failures(the_login text) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (
    delete from identity.failure
    where what = 'operator ' || the_login or starts_with(what, 'operator ' || the_login || ' ')
    returning 1
  )
  select count(*) from gone
$$;
revoke execute on function identity.forget_operator_failures(text) from public;
grant execute on function identity.forget_operator_failures(text) to kabinet_operator;
