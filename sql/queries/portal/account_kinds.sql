-- What an account is charged for: by the narrowest contract of each kind that holds on a day, and what it was charged for from
-- an entry on. $1 organization text, $2 number text, $3 company text, $4 house text (null: none), $5 day date,
-- $6 account int8, $7 first id int8. Rows: kind
select c.kind
from (
  select distinct on (w.kind) w.kind, w.is_off
  from (
    select k.*, case when k.company is null then 0 else 1 end as width from views.contract k
    where k.organization = $1::text and coalesce(k.account, '') = '' and coalesce(k.house, '') = '' and (k.company is null or k.company = $3::text)
    union all
    select k.*, 2 from views.contract k
    where k.organization = $1::text and coalesce(k.account, '') = '' and coalesce(k.house, '') = $4::text
    union all
    select k.*, 3 from views.contract k
    where k.organization = $1::text and coalesce(k.account, '') = $2::text
  ) w
  where w.valid_from <= $5::date and (w.valid_to is null or w.valid_to >= $5::date)
  order by w.kind, w.width desc, w.valid_from desc, w.n desc
) c
where not c.is_off
union
select e.kind from views.entry e
where e.account = $6::int8 and e.id >= $7::int8 and e.kind is not null and e.sort in ('charge', 'surcharge')
