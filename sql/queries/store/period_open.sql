-- Opens a month. $1 organization text, $2 month date, $3 at timestamptz. Rows: none when it is there
insert into facts.period (organization, month, opened_at) values ($1::text, $2::date, $3::timestamptz)
on conflict do nothing returning month
