-- $1 organization, $2 what text, $3 n int8, $4 actor text
insert into operations.export_cursor (organization, what, n, actor) values ($1::text, $2::text, $3::int8, $4::text)
