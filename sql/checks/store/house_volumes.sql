-- A month of a house's meter is its value less the one before, times the ratio, less what acts brought in between.
select h.meter, h.month, h.volume, c.expected
from facts.house_month h
join facts.house_meter m on m.id = h.meter
left join lateral (select p.month, p.value from facts.house_month p
                   where p.meter = h.meter and p.month < h.month and p.value is not null
                   order by p.month desc limit 1) before on true
cross join lateral (
  select (h.value::numeric - coalesce(before.value, m.initial)
            + case when h.rolled then power(10::numeric, m.digits) * 1000000 else 0 end) * m.ratio
         - coalesce((select sum(q.volume) from facts.house_month q
                     where q.meter = h.meter and q.month < h.month
                       and q.month > coalesce(before.month, '-infinity')), 0) as expected) c
where h.value is not null and h.volume <> c.expected
