-- Whose money charge kinds were, where it was not the organization's, when payments were posted: as bills have them, on the last
-- day of the month, as far as it was known at a moment; what came later only where there was nothing.
-- $1 organization text, $2 days date[], $3 moments timestamptz[]. Rows: place int8 (from 1), code, supplier
select u.place, k.code, k.supplier
from unnest($2::date[], $3::timestamptz[]) with ordinality u(day, moment, place)
cross join lateral (
  select distinct on (x.code) x.code, x.supplier, x.separate from views.charge_kind x
  where x.organization = $1::text and x.valid_from <= u.day
  order by x.code, x.added_at <= u.moment desc, case when x.added_at <= u.moment then x.valid_from end desc,
           case when x.added_at <= u.moment then -x.n else x.n end) k
where k.separate
