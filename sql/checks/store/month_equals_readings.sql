-- views.month is what the effective readings say, recomputed here from nothing but facts: each register's value less that
-- of the reading before (or the meter's first value), plus the dial's capacity where it was gone over.
with register as (
  select r.meter, r.month, r.account, r.id, r.taken_on, r.values, i,
         r.values[i] - coalesce(lag(r.values[i]) over w, m.initial[i])
           + case when r.rolled >> (i - 1) & 1 = 1 then m.capacity else 0 end as volume
  from facts.reading r
  join facts.meter m on m.id = r.meter
  cross join generate_series(1, m.registers) i
  where r.state = 'effective'
  window w as (partition by r.meter, i order by r.month)
), expected as (
  select meter, month, account, id as reading, taken_on, values, array_agg(volume order by i) as volumes
  from register group by meter, month, account, id, taken_on, values
)
select coalesce(e.meter, v.meter) as meter, coalesce(e.month, v.month) as month, e.volumes as expected, v.volumes as found,
       case when v.meter is null then 'missing in the view' when e.meter is null then 'no reading behind it'
            else 'differs' end as problem
from expected e
full join views.month v on v.meter = e.meter and v.month = e.month
where e.meter is null or v.meter is null
   or (e.account, e.reading, e.taken_on, e.values, e.volumes) is distinct from
      (v.account, v.reading, v.taken_on, v.values, v.volumes)
