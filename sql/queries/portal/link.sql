-- What the link of a letter is for, while it counts. $1 organization text, $2 what its token hashes to bytea, $3 what the
-- browser holds of registrations, hashed bytea[].
-- Rows: purpose, own bool, account, rights text[]; none or one
select purpose, own, account, rights from views.link($1::text, $2::bytea, $3::bytea[])
