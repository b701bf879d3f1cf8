-- What became of messages. $1 commands uuid[] (each once), $2 states, $3 codes text[]. Rows: command, organization, key,
-- state of those whose state is another now
update facts.notice n
set state = u.state, code = case when u.state = 'undelivered' then u.code else n.code end,
    settled_at = case when u.state = 'sent' then n.settled_at else clock.now() end
from unnest($1::uuid[], $2::text[], $3::text[]) u(command, state, code)
where n.command = any ($1::uuid[]) and n.command = u.command and facts.notice_rank(n.state) < facts.notice_rank(u.state)
returning n.command, n.organization, n.key, n.state
