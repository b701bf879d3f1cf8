-- Migrations that were applied. Rows: number int4, name, checksum text, needs int4 (null: additive), why text
select number::int4, name, checksum, needs, coalesce(why, '') from kabinet.migration order by number
