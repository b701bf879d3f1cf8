-- A young process is about to decide a batch that begins with this command. $1 pool, $2 lane int2, $3 command, $4 boot uuid.
-- Rows: losses int4 (how many processes have ended with it; after the third, which puts it aside, the count begins anew)
insert into queue.attempt as a (pool, lane, command, boot) values ($1::int2, $2::int2, $3::uuid, $4::uuid)
on conflict (pool, lane) do update set command = excluded.command, boot = excluded.boot,
  losses = case when a.command <> excluded.command then 0 when a.boot <> excluded.boot then (a.losses + 1) % 4 else a.losses end
returning losses
