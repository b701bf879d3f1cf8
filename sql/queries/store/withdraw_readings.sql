-- Readings of a month that is opened again are not «Рассчитано» any more. $1 organization text, $2 first house, $3 last house text,
-- $4 first id, $5 last id int8, $6 month date
update facts.reading set calculated_at = null
where id = any (array(
  select r.id
  from (select k.id from facts.account k where ((k.organization || '/' || coalesce(k.house, '')) collate "C", k.id + 0) >= ($1::text || '/' || $2::text, $4::int8)
  and ((k.organization || '/' || coalesce(k.house, '')) collate "C", k.id + 0) <= ($1::text || '/' || $3::text, $5::int8) offset 0) a
  cross join lateral (select id from facts.meter k where k.account = a.id offset 0) m
  cross join lateral (select id from facts.reading k where k.meter = m.id and k.month = $6::date
                      and k.state = 'effective' and k.calculated_at is not null offset 0) r))
