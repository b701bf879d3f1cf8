-- A new import. $1 organization, $2 what, $3 file text, $4 columns text[], $5 dry_run bool, $6 actor text. Rows: id
insert into operations.import_job (organization, what, file, columns, dry_run, actor)
values ($1::text, $2::text, $3::text, $4::text[], $5::bool, $6::text) returning id
