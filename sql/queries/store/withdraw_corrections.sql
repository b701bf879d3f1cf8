-- What the close of a month charged anew waits for the next close again. $1 organization text, $2 first house, $3 last house text,
-- $4 first id, $5 last id int8, $6 month date
update facts.correction set done_in = null
where done_in = $6::date and account = any (array(
  select a.id from facts.account a
  where ((a.organization || '/' || coalesce(a.house, '')) collate "C", a.id + 0) >= ($1::text || '/' || $2::text, $4::int8)
  and ((a.organization || '/' || coalesce(a.house, '')) collate "C", a.id + 0) <= ($1::text || '/' || $3::text, $5::int8)))
