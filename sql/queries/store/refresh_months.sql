-- Brings views.month up to the facts after deletions, for the touched months and the one after each (its volume starts where
-- the touched one ends). A month's volume = its reading that counts − the last one before it. $1 meters int8[], $2 months date[]
with touched as materialized (
  select meter, month from unnest($1::int8[], $2::date[]) t(meter, month)
), affected as materialized (
  select meter, month from touched
  union
  select t.meter, n.month from touched t cross join lateral (
    select r.month from facts.reading r
    where r.meter = t.meter and r.state = 'effective' and r.month > t.month order by r.month limit 1) n
), computed as materialized (
  select a.meter, a.month, r.account, r.id, r.taken_on, r.values,
         array[r.values[1] - coalesce(p.values[1], m.initial[1]) + case when r.rolled & 1 > 0 then m.capacity else 0 end,
               r.values[2] - coalesce(p.values[2], m.initial[2]) + case when r.rolled & 2 > 0 then m.capacity else 0 end,
               r.values[3] - coalesce(p.values[3], m.initial[3]) + case when r.rolled & 4 > 0 then m.capacity else 0 end]
           as volumes
  from affected a
  cross join lateral (select initial, capacity from facts.meter k where k.id = a.meter offset 0) m
  left join lateral (select * from facts.reading k
                     where k.meter = a.meter and k.month = a.month and k.state = 'effective' offset 0) r on true
  left join lateral (
    select q.values from facts.reading q
    where q.meter = a.meter and q.state = 'effective' and q.month < a.month order by q.month desc limit 1) p on true
), gone as (
  -- By places found one by one: nobody else moves rows of accounts that this batch has locked.
  delete from views.month where ctid = any (array(
    select v.place from computed c cross join lateral (
      select ctid as place from views.month k where k.meter = c.meter and k.month = c.month offset 0) v
    where c.id is null))
)
insert into views.month (meter, month, account, reading, taken_on, values, volumes)
select meter, month, account, id, taken_on, values, array_remove(volumes, null) from computed where id is not null
on conflict (meter, month) do update
set reading = excluded.reading, taken_on = excluded.taken_on, values = excluded.values, volumes = excluded.volumes
