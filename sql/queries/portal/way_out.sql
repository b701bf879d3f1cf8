-- Which consent the link of a letter takes back, while it counts. $1 what its token hashes to bytea.
-- Rows: organization, service, ending (of the account's number), is_over (it has been taken back); none or one
select organization, service, ending, is_over from views.way_out($1::bytea)
