-- How far an export was taken over. $1 organization, $2 what text. Rows: n
select n from operations.export_cursor where organization = $1::text and what = $2::text order by id desc limit 1
