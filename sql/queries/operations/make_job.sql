-- A new import. $1 organization, $2 what, $3 file text, $4 columns text[], $5 dry_run bool, $6 actor text,
-- $7 by how many lanes its rows are cut int2. Rows: id
insert into operations.import_job (organization, what, file, columns, dry_run, actor, lanes)
values ($1::text, $2::text, $3::text, $4::text[], $5::bool, $6::text, $7::int2) returning id
