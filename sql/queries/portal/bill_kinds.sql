-- What organizations charged for on days, as far as it was known at a moment; what came later only where there was
-- nothing.
-- $1 organizations text[], $2 days date[], $3 moments timestamptz[].
-- Rows: place int8 (from 1), code, title, title_en, position int, basis, service, of, unit, supplier, separate bool, valid_from,
-- ends_on
select u.place, k.code, k.title, k.title_en, k.position, k.basis, k.service, k."of", k.unit, k.supplier, k.separate, k.valid_from,
       k.ends_on
from unnest($1::text[], $2::date[], $3::timestamptz[]) with ordinality u(organization, day, moment, place)
cross join lateral (
  select distinct on (x.code) x.* from views.charge_kind x
  where x.organization = u.organization and x.valid_from <= u.day
  order by x.code, x.added_at <= u.moment desc, case when x.added_at <= u.moment then x.valid_from end desc,
           case when x.added_at <= u.moment then -x.n else x.n end) k
order by u.place, k.position, k.code
