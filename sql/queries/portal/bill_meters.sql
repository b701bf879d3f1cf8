-- The meters of accounts, with what they told of a month and of the months before it, newest first.
-- $1 accounts int8[], $2 months date[], $3 months of each meter at most int4.
-- Rows: place int8 (from 1), meter int8, service, number, registers int2, initial int8[], installed_on, month, taken_on (null: it told
-- nothing yet), values, volumes int8[]
select u.place, m.id, m.service, m.number, m.registers, m.initial, m.installed_on, r.month, r.taken_on, r.values, r.volumes
from unnest($1::int8[], $2::date[]) with ordinality u(account, month, place)
cross join lateral (
  select * from views.meter k
  where k.account = u.account and (k.removed_on is null or k.removed_on >= u.month - interval '1 year')
    and (k.installed_on is null or k.installed_on < u.month + interval '1 month')
  offset 0) m
left join lateral (
  select * from views.month k where k.meter = m.id and k.month <= u.month order by k.month desc limit $3::int4) r on true
order by u.place, m.service, m.number, m.id, r.month desc
