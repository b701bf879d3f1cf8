-- What stays here instead of leaving. $1 commands uuid[], $2 channels, $3 recipients, $4 titles, $5 texts, $6 html, $7 names of
-- attachments text[], $8 their bytes int4[]
insert into operations.outbox (command, channel, recipient, title, text, html, attachment, attachment_bytes)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int4[])
on conflict do nothing
