-- What stays here instead of leaving. $1 commands uuid[], $2 channels, $3 recipients, $4 titles, $5 texts, $6 html text[]
insert into operations.outbox (command, channel, recipient, title, text, html)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) on conflict do nothing
