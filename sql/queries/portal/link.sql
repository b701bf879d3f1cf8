-- What the link of a letter is for, while it counts. $1 organization text, $2 what its token hashes to bytea, $3 what the
-- browser holds of registrations, hashed bytea[].
-- Rows: purpose, own bool, account, rights text[], owner int8 (of an invitation, as are the account and the rights), invited
-- (the address that it went to); none or one
select purpose, own, account, rights, owner, invited from views.link($1::text, $2::bytea, $3::bytea[])
