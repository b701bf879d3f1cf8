-- Ids for rows to come. $1 how many int4. Rows: id
select nextval('facts.id') from generate_series(1, $1::int4)
