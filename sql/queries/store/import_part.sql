-- What a chunk came to. $1 job int8, $2 command uuid, $3 accepted, $4 unchanged, $5 refused int4
insert into operations.import_part (job, command, accepted, unchanged, refused)
values ($1::int8, $2::uuid, $3::int4, $4::int4, $5::int4)
