-- Reports that came before we knew how the gateway calls the message. $1 providers, $2 their ids text[].
-- Rows: provider, id, state, code
delete from facts.notice_report r
where r.ctid = any (array(
  select x.ctid from unnest($1::text[], $2::text[]) u(provider, id)
  cross join lateral (
    select n.ctid from facts.notice_report n where n.provider = u.provider and n.provider_id = u.id offset 0) x))
returning r.provider, r.provider_id, r.state, r.code
