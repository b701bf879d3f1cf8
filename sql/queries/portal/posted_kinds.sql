-- The kinds that were ever posted to an account, as they are called today. $1 account int8, $2 organization text, $3 its time zone
-- text. Rows: as those of portal/charge_kinds
select distinct on (k.code) k.code, k.title, k.title_en, k.position, k.basis, k.service, k."of", k.unit, k.supplier, k.separate,
       k.valid_from, k.ends_on
from views.charge_kind k
where k.organization = $2::text and k.valid_from <= (select (clock.now() at time zone $3::text)::date)
  and k.code in (select e.kind from views.entry e where e.account = $1::int8)
order by k.code, k.valid_from desc, k.n desc
