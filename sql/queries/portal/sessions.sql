-- The sessions of a person that live, those seen last first. $1 principal int8, $2 time zone text.
-- Rows: id, opened (local), seen (local), expires (local), remembered bool, agent, address
-- OFFSET 0 keeps it a look-up by the person, though its plan was made while the table was empty.
select id, to_char(created_at at time zone $2::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(seen_at at time zone $2::text, 'YYYY-MM-DD"T"HH24:MI:SS'),
       to_char(expires_at at time zone $2::text, 'YYYY-MM-DD"T"HH24:MI:SS'), remembered, agent, address
from (select * from views.session k where k.principal = $1::int8 offset 0) s
where id is not null
order by seen_at desc, id
limit 200
