-- Reports that came before we knew how the gateway calls the message. $1 providers, $2 their ids text[].
-- Rows: provider, id, state, code
delete from facts.notice_report r using unnest($1::text[], $2::text[]) u(provider, id)
where r.provider = any ($1::text[]) and r.provider_id = any ($2::text[]) and r.provider = u.provider and r.provider_id = u.id
returning r.provider, r.provider_id, r.state, r.code
