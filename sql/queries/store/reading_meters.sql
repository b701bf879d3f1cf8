-- Where readings that are to be deleted belong. $1 reading ids uuid[]. Rows: id, meter
select id, meter from facts.reading where id = any ($1::uuid[])
