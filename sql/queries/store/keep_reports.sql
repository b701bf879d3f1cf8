-- Reports of messages that nobody knows yet. $1 providers, $2 their ids, $3 states, $4 codes text[]
insert into facts.notice_report (provider, provider_id, state, code)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
on conflict (provider, provider_id) do update set state = excluded.state, code = excluded.code
where facts.notice_rank(excluded.state) > facts.notice_rank(notice_report.state)
