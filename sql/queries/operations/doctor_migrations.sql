-- Migrations that were applied. Rows: number int4, name, checksum text
select number::int4, name, checksum from kabinet.migration order by number
