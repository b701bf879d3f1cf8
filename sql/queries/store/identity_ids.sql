-- Ids for persons to come. $1 how many int4. Rows: id
select nextval('access.principal_id_seq') from generate_series(1, $1::int4)
