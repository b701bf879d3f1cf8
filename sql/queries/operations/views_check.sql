-- Where views.month is not what the facts of some accounts say. One statement, so one snapshot: lanes write a view with the
-- facts behind it, and what is being decided meanwhile is seen with both or with neither.
-- $1 organization text (null: all), $2 after, $3 last account id int8.
-- Rows: organization, account, service, meter text, month date, problem (missing | extra | different), expected, found text
-- (volumes in millionths; empty: there is no row)
with meter as materialized (
  select m.id, m.initial, m.capacity, m.registers, m.service, m.number, a.organization, a.number as account
  from facts.account a join facts.meter m on m.account = a.id
  where a.id > $2::int8 and a.id <= $3::int8 and ($1::text is null or a.organization = $1::text)
), expected as materialized (
  select meter, month, account, id as reading, taken_on, values, array_agg(volume order by i) as volumes
  from (
    select r.meter, r.month, r.account, r.id, r.taken_on, r.values, i,
           r.values[i] - coalesce(lag(r.values[i]) over w, m.initial[i])
             + case when r.rolled >> (i - 1) & 1 = 1 then m.capacity else 0 end as volume
    from meter m join facts.reading r on r.meter = m.id and r.state = 'effective'
    cross join generate_series(1, m.registers) i
    window w as (partition by r.meter, i order by r.month)) register
  group by meter, month, account, id, taken_on, values
), found as materialized (
  select v.* from meter m join views.month v on v.meter = m.id
)
select m.organization, m.account, m.service, m.number, coalesce(e.month, f.month),
       case when f.meter is null then 'missing' when e.meter is null then 'extra' else 'different' end,
       coalesce(e.volumes::text, ''), coalesce(f.volumes::text, '')
from expected e full join found f on f.meter = e.meter and f.month = e.month
join meter m on m.id = coalesce(e.meter, f.meter)
where e.meter is null or f.meter is null
   or (e.account, e.reading, e.taken_on, e.values, e.volumes) is distinct from
      (f.account, f.reading, f.taken_on, f.values, f.volumes)
order by m.organization, m.account, m.service, m.number, 5
