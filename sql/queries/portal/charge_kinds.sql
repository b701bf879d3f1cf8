-- What an organization charges for, as it was on a day. $1 organization text, $2 day date (null: today), $3 its time zone text.
-- Rows: code, title, title_en, position int, basis, service, of, unit, supplier, separate bool, valid_from, ends_on
select distinct on (k.code) k.code, k.title, k.title_en, k.position, k.basis, k.service, k."of", k.unit, k.supplier, k.separate,
       k.valid_from, k.ends_on
from views.charge_kind k
where k.organization = $1::text
  and k.valid_from <= (select coalesce($2::date, (clock.now() at time zone $3::text)::date))
order by k.code, k.valid_from desc, k.n desc
