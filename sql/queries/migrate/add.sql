-- $1 number int4, $2 name, $3 checksum text
insert into kabinet.migration (number, name, checksum) values ($1::int4, $2::text, $3::text)
