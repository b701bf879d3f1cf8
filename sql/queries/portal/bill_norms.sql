-- Norms of consumption that held for premises on days, as far as they were known at a moment: of each kind those of the narrowest
-- place (house, company, organization), and of them the row of the most rooms, and then of the most residents, that are there.
-- $1 organizations, $2 companies, $3 houses text[], $4 days date[], $5 moments timestamptz[], $6 rooms, $7 residents int[].
-- Rows: place int8 (from 1), kind, value int8 (millionths)
select u.place, n.kind, n.value
from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::timestamptz[], $6::int4[], $7::int4[])
  with ordinality u(organization, company, house, day, moment, rooms, residents, place)
cross join lateral (
  select distinct on (t.kind) t.kind, t.value
  from (
    select x.*, dense_rank() over (
             partition by x.kind order by (x.house is not null) desc, (x.company is not null) desc, x.valid_from desc) as step
    from (select '' as house union select coalesce(u.house, '')) p
    cross join lateral (
      select * from views.norm k where k.organization = u.organization and coalesce(k.house, '') = p.house offset 0) x
    where x.valid_from <= u.day and x.added_at <= u.moment and (x.company is null or x.company = u.company)
  ) t
  where t.step = 1 and (t.rooms is null or t.rooms <= coalesce(u.rooms, -1))
    and (t.residents is null or t.residents <= coalesce(u.residents, 0))
  order by t.kind, t.rooms desc nulls last, t.residents desc nulls last, t.n desc) n
order by u.place, n.kind
