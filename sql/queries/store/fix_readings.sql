-- «Рассчитано» for a part of the accounts. $1 organization text, $2 part, $3 parts int8, $4 month date, $5 at timestamptz
-- An UPDATE of what a join finds may be planned from the wrong end; one of listed ids may not.
update facts.reading set calculated_at = $5::timestamptz
where id = any (array(
  select r.id
  from (select id from facts.account k where k.organization = $1::text and k.id % $3::int8 = $2::int8 offset 0) a
  cross join lateral (select id from facts.meter k where k.account = a.id offset 0) m
  cross join lateral (select id from facts.reading k where k.meter = m.id and k.month = $4::date
                      and k.state = 'effective' and k.calculated_at is null offset 0) r))
