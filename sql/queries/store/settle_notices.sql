-- What came of sending. $1 commands uuid[], $2 states (null: it will be tried again), $3 providers, $4 the providers' ids,
-- $5 codes text[], $6 attempts after which one has failed int4
update facts.notice n
set state = case when u.state = 'sent' then case when facts.notice_rank(n.state) < 2 then 'sent' else n.state end
                 when facts.notice_rank(n.state) > 1 or n.state = 'sent' then n.state
                 when u.state is null then case when n.attempts + 1 >= $6::int4 then 'failed' else 'queued' end
                 else u.state end,
    provider = coalesce(u.provider, n.provider), provider_id = coalesce(u.provider_id, n.provider_id),
    code = case when u.state = 'sent' then n.code else u.code end,
    attempts = n.attempts + case when u.state = 'expired' then 0 else 1 end,
    sent_at = case when u.state = 'sent' then coalesce(n.sent_at, clock.now()) else n.sent_at end,
    settled_at = case when u.state in ('expired', 'refused', 'failed') then clock.now() else n.settled_at end
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) u(command, state, provider, provider_id, code)
where n.command = any ($1::uuid[]) and n.command = u.command
