-- The last code that was sent to a person's new number. $1 organization text, $2 principal text, $3 seconds before another
-- code may be asked for int4. Rows: the number, seconds until the next may be asked for int8, seconds for which it counts
-- int8, over bool: it was used, or typed wrong too often; none or one
select phone, greatest(0, ceil(extract(epoch from sent_at + make_interval(secs => $3::int4) - clock.now())))::int8,
       greatest(0, floor(extract(epoch from expires_at - clock.now())))::int8, over
from (select * from views.code k where k.subject = $2::text offset 0) one
where organization = $1::text and purpose = 'phone'
order by sent_at desc limit 1
