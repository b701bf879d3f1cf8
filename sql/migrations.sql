-- Where the migrator keeps what it has applied. Run before anything else, harmless to repeat.
create schema if not exists kabinet;
create table if not exists kabinet.migration (
  number int primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp()
);
create or replace function kabinet.set_password(the_role text, the_password text) returns void language plpgsql as $$
begin
  if the_role !~ '^kabinet_[a-z]+$' then raise exception 'not a role of ours: %', the_role; end if;
  execute format('alter role %I password %L', the_role, the_password);
end $$;
revoke all on function kabinet.set_password(text, text) from public;
