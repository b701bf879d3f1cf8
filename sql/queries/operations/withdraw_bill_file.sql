-- A bill that another system drew is shown no more. $1 organization, $2 the account's number text, $3 its digits without leading
-- zeros text, $4 month date, $5 only look bool. Rows: imported_at; none: there is no such bill
with newest as (
  select f.account, f.imported_at
  from facts.account a
  cross join lateral (select * from operations.bill_file k where k.account = a.id and k.month = $4::date
                      order by k.id desc limit 1) f
  where a.organization = $1::text and a.stripped = $3::text and a.number = $2::text and f.file is not null
), withdrawn as (
  insert into operations.bill_file (account, month) select n.account, $4::date from newest n where not $5::bool
)
select imported_at from newest
