-- «Рассчитано» for the readings of a month. $1 meters int8[], $2 month date, $3 at timestamptz. An UPDATE of what a join finds
-- may be planned from the wrong end; one of listed ids may not.
update facts.reading set calculated_at = $3::timestamptz
where id = any (array(
  select r.id from unnest($1::int8[]) u(meter)
  cross join lateral (select id from facts.reading k where k.meter = u.meter and k.month = $2::date
                      and k.state = 'effective' and k.calculated_at is null offset 0) r))
