-- A month's bill as another system drew it, the newest. $1 account int8, $2 month date. Rows: digest, file bytea
select digest, file from views.bill_file where account = $1::int8 and month = $2::date
