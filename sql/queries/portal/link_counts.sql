-- Whether a letter's link still counts. $1 hash bytea, $2 organization text (null: any), $3 purpose text. Rows: counts bool
select views.link_counts($1::bytea, $2::text, $3::text)
