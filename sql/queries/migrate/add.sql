-- $1 number int4, $2 name, $3 checksum text; of a breaking one $4 needs int4, $5 why text, else null
insert into kabinet.migration (number, name, checksum, needs, why)
values ($1::int4, $2::text, $3::text, $4::int4, $5::text)
