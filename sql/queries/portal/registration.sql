-- A registration that waits for its code. $1 id text, $2 organization text, $3 seconds before another code may be asked
-- for int4. Rows: the number that a code went to, seconds until the next may be asked for int8, seconds for which the code
-- counts int8 (all null: none was sent); none or one row
select c.phone, greatest(0, ceil(extract(epoch from c.sent_at + make_interval(secs => $3::int4) - clock.now())))::int8,
       greatest(0, floor(extract(epoch from c.expires_at - clock.now())))::int8
from (select * from views.registration k where k.id = $1::text::uuid offset 0) r
left join lateral (
  select * from (select * from views.code k where k.subject = r.id::text offset 0) one
  where one.organization = $2::text and one.purpose = 'registration' and not one.over
) c on true
where r.organization = $2::text and not r.over
