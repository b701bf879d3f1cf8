-- «Рассчитано» stands only where the organization's month is closed.
select r.id as reading, r.meter, r.month
from facts.reading r join facts.meter m on m.id = r.meter
where r.calculated_at is not null
  and not exists (select from facts.period p
                  where p.organization = m.organization and p.month = r.month and p.closed_at is not null)
