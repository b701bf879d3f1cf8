-- Whether a gateway is called. $1 gateway text, $2 why not text (null: it is), $3 when it is tried again timestamptz
insert into facts.gateway as g (gateway, reason, retry_at) values ($1::text, $2::text, $3::timestamptz)
on conflict (gateway) do update
set reason = excluded.reason, retry_at = excluded.retry_at,
    since = case when g.reason is not distinct from excluded.reason then g.since else clock_timestamp() end
where (g.reason, g.retry_at) is distinct from (excluded.reason, excluded.retry_at)
