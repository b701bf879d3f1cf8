-- «Рассчитано» for the readings of a month. $1 meters int8[], $2 month date, $3 at timestamptz. An UPDATE of what a join finds
-- may be planned from the wrong end; one of listed places may not, and needs no second index. A place is only as good as the
-- snapshot that found it: what makes the row the one is asked again, should somebody have changed it meanwhile, in words that no
-- partial index answers to.
update facts.reading set calculated_at = $3::timestamptz
where ctid = any (array(
  select r.ctid from unnest($1::int8[]) u(meter)
  cross join lateral (select k.ctid from facts.reading k where k.meter = u.meter and k.month = $2::date
                      and k.state = 'effective' and k.calculated_at is null offset 0) r))
and state || '' = 'effective' and calculated_at is null
