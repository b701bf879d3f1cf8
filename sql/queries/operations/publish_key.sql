-- A sealing key by its public half. $1 id text, $2 public bytea, $3 by text. Rows: none when it was published before, else one
with made as (
  insert into access.sealing_key (id, public, published_by) values ($1::text, $2::bytea, $3::text)
  on conflict do nothing returning id
)
select id, pg_notify('access', '') from made
