-- Suppliers of organizations on days with where their money goes, as far as it was known at a moment; what came later only where there was
-- nothing.
-- $1 organizations text[], $2 days date[], $3 moments timestamptz[].
-- Rows: place int8 (from 1), code, name, inn, kpp, address, phone, email, site, schedule, account, bank, bic, correspondent
select u.place, s.code, s.name, s.inn, s.kpp, s.address, s.phone, s.email, s.site, s.schedule, s.account, s.bank, s.bic,
       s.correspondent
from unnest($1::text[], $2::date[], $3::timestamptz[]) with ordinality u(organization, day, moment, place)
cross join lateral (
  select distinct on (x.code) x.* from views.supplier x
  where x.organization = u.organization and x.valid_from <= u.day
  order by x.code, x.added_at <= u.moment desc, case when x.added_at <= u.moment then x.valid_from end desc,
           case when x.added_at <= u.moment then -x.n else x.n end) s
order by u.place, s.code
