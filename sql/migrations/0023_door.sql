-- What all doors of one system share, so that whichever of them a person meets next knows what another gave out: answers to
-- questions against machines, and the session that a repeated form already has.

create table access.door_key (
  single boolean primary key default true check (single),
  key bytea not null check (length(key) = 32),
  made_at timestamptz not null default clock_timestamp()
);
insert into access.door_key (key)
select sha256(string_agg(uuid_send(gen_random_uuid()), '')) from generate_series(1, 4);

grant select on access.door_key to kabinet_ingress;
