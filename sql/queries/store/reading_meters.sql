-- Where readings that are to be deleted belong, and in which session each was entered (null: in none). $1 reading ids uuid[].
-- Rows: id, meter, session
select id, meter, session from facts.reading where id = any ($1::uuid[])
