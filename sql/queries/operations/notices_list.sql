-- Notices, the newest first. $1 organization, $2 state text (null: any), $3 limit int8.
-- Rows: command, queued_at, organization, channel, notice, contact (masked), state, provider, provider_id, code, attempts
select command, queued_at, organization, channel, notice, contact, state, provider, provider_id, code, attempts
from facts.notice
where ($1::text is null or organization = $1::text) and ($2::text is null or state = $2::text)
order by queued_at desc, command desc limit $3::int8
