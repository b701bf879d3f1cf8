-- New commands of a kind go to a pool. $1 kinds text[], $2 pool names text[]
insert into queue.kind (kind, pool)
select u.kind, p.id from unnest($1::text[], $2::text[]) u(kind, name) join queue.pool p on p.name = u.name
on conflict (kind) do update set pool = excluded.pool where queue.kind.pool <> excluded.pool
