-- Civil days of zones around a span of time. $1 zones text[], $2 from, $3 to timestamptz. Rows: zone, day, begins, ends
select z.zone, d::date, d at time zone z.zone, (d + interval '1 day') at time zone z.zone
from unnest($1::text[]) z(zone)
cross join lateral generate_series(date_trunc('day', $2::timestamptz at time zone z.zone),
                                   date_trunc('day', $3::timestamptz at time zone z.zone), interval '1 day') d
