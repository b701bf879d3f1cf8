-- Brings views.month of a part of an organization's accounts to what their facts say, recomputed from nothing but facts, and
-- takes away what belongs to no meter. Only rows that differ are written. Their accounts are locked before.
-- $1 organization text, $2 part, $3 parts int8, $4 $5 first and last id of meters to look for that are not there int8 (null:
-- none). Rows: missing, different, extra int8: what was put right
with meter as materialized (
  select m.id, m.initial, m.capacity, m.registers
  from (select id from facts.account k where k.organization = $1::text and k.id % $3::int8 = $2::int8 offset 0) a
  cross join lateral (select id, initial, capacity, registers from facts.meter k where k.account = a.id offset 0) m
), expected as (
  select meter, month, account, id as reading, taken_on, values, array_agg(volume order by i) as volumes
  from (
    select r.meter, r.month, r.account, r.id, r.taken_on, r.values, i,
           r.values[i] - coalesce(lag(r.values[i]) over w, m.initial[i])
             + case when r.rolled >> (i - 1) & 1 = 1 then m.capacity else 0 end as volume
    from meter m
    cross join lateral (select * from facts.reading k where k.meter = m.id and k.state = 'effective' offset 0) r
    cross join generate_series(1, m.registers) i
    window w as (partition by r.meter, i order by r.month)) register
  group by meter, month, account, id, taken_on, values
), wrong as materialized (
  select e.*, v.meter is null as missing
  from expected e
  left join lateral (select * from views.month k where k.meter = e.meter and k.month = e.month offset 0) v on true
  where v.meter is null
     or (e.account, e.reading, e.taken_on, e.values, e.volumes) is distinct from
        (v.account, v.reading, v.taken_on, v.values, v.volumes)
), put as (
  insert into views.month (meter, month, account, reading, taken_on, values, volumes)
  select meter, month, account, reading, taken_on, values, volumes from wrong
  on conflict (meter, month) do update
  set account = excluded.account, reading = excluded.reading, taken_on = excluded.taken_on, values = excluded.values,
      volumes = excluded.volumes
), unread as (
  -- By places found one by one: nobody else moves rows of accounts that this batch has locked.
  delete from views.month where ctid = any (array(
    select v.place from meter m
    cross join lateral (select ctid as place, meter, month from views.month k where k.meter = m.id offset 0) v
    where not exists (select from facts.reading r
                      where r.meter = v.meter and r.month = v.month and r.state = 'effective' offset 0)))
  returning 1
), unowned as (
  delete from views.month v
  where v.meter between $4::int8 and $5::int8
    and not exists (select from facts.meter m where m.id = v.meter offset 0)
  returning 1
)
select count(*) filter (where missing), count(*) filter (where not missing),
       (select count(*) from unread) + (select count(*) from unowned)
from wrong
