-- The sessions of a person that live, those seen last first. $1 principal int8, $2 time zone text.
-- Rows: id, opened (local), seen (local), expires (local), remembered bool, agent, address
select id, to_char(created_at at time zone $2::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(seen_at at time zone $2::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(expires_at at time zone $2::text, 'YYYY-MM-DD"T"HH24:MI:SS'), remembered, agent, address
from views.session
where principal = $1::int8
order by seen_at desc, id
limit 200
