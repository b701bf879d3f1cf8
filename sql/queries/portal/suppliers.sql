-- Who supplies what an organization charges for, as it was on a day. $1 organization text, $2 day date (null: today), $3 its time
-- zone text.
-- Rows: code, name, inn, kpp, address, phone, email, site, schedule
select distinct on (s.code) s.code, s.name, s.inn, s.kpp, s.address, s.phone, s.email, s.site, s.schedule
from views.supplier s
where s.organization = $1::text
  and s.valid_from <= (select coalesce($2::date, (clock.now() at time zone $3::text)::date))
order by s.code, s.valid_from desc, s.n desc
