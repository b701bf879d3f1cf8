-- Letters that stay here. $1 commands uuid[], $2 recipients, $3 titles, $4 texts text[]
insert into operations.outbox (command, recipient, title, text)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) on conflict do nothing
