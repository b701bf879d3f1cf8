-- Rows: number, name, checksum
select number, name, checksum from kabinet.migration order by number
