-- Where the server keeps its data, for whoever is on the same machine. Rows: folder, other tablespaces' folders text[],
-- through a socket bool, started int8 (seconds since 1970)
select current_setting('data_directory'),
       (select coalesce(array_agg(pg_tablespace_location(oid) order by oid), '{}') from pg_tablespace
        where pg_tablespace_location(oid) <> ''),
       inet_server_addr() is null, extract(epoch from pg_postmaster_start_time())::int8
