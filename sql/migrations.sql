-- Where the migrator keeps what it has applied. Run before anything else, harmless to repeat, one at a time.
select pg_advisory_xact_lock(hashtextextended('kabinet migrate', 0));
create schema if not exists kabinet;
create table if not exists kabinet.migration (
  number int primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp(),
  -- Of a breaking migration: the first schema that a release must know to go on, and why. It need not be this very one:
  -- a release that knows an earlier migration may have stopped using already what this one takes away.
  needs int,
  why text,
  check ((needs is null) = (why is null) and needs <= number)
);
-- Older databases. Altering locks even when there is nothing to alter.
do $$ begin
  if not exists (select from pg_attribute where attrelid = 'kabinet.migration'::regclass and attname = 'needs') then
    alter table kabinet.migration add needs int, add why text,
      add check ((needs is null) = (why is null) and needs <= number);
  end if;
end $$;
create or replace function kabinet.set_password(the_role text, the_password text) returns void language plpgsql as $$
begin
  if the_role !~ '^kabinet_[a-z]+$' then raise exception 'not a role of ours: %', the_role; end if;
  execute format('alter role %I password %L', the_role, the_password);
end $$;
revoke all on function kabinet.set_password(text, text) from public;
