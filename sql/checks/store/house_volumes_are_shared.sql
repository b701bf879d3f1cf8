-- What a house used is what its flats used, their shares of the rest, and what nobody pays for: never less than nothing.
-- What a reading takes back of months that stood by average counts against what it tells. A share is rounded to a millionth.
with house as (
  select m.organization, m.house, m.service, v.month, sum(v.volume) as total
  from facts.house_meter m join facts.house_month v on v.meter = m.id
  group by m.organization, m.house, m.service, v.month
), flats as (
  select b.organization, b.card ->> 'house' as house, k.service, b.month, count(distinct b.account) as accounts,
         sum((e.line ->> 'v')::int8) filter (where k.basis = 'meter') as individual,
         sum((e.line ->> 'v')::int8) filter (where k.basis = 'house_needs') as shared
  from facts.bill b
  join facts.entry e on e.account = b.account and e.month = b.month and e.id <= b.upto and e.reverses is null
       and (e.sort = 'charge' and e.consumed = b.month or e.sort = 'recalculation' and e.line -> 'g' ->> 't' = 'reading')
       and not exists (select from facts.entry r where r.account = e.account and r.reverses = e.id)
  cross join lateral (select c.basis, c.service from facts.charge_kind c
                      where c.organization = b.organization and c.code = e.kind order by c.valid_from desc, c.n desc limit 1) k
  where b.withdrawn_at is null and k.basis in ('meter', 'house_needs')
  group by b.organization, b.card ->> 'house', k.service, b.month
)
select h.*, f.individual, f.shared
from house h join flats f using (organization, house, service, month)
where f.shared > 0 and f.individual + f.shared > h.total + f.accounts
