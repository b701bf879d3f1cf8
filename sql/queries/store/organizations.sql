-- The organizations of a batch. $1 codes text[]. Rows: code, profile, time_zone
select code, profile, time_zone from access.organization where code = any ($1::text[])
