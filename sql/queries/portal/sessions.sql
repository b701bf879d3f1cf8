-- The sessions of a person that live, those seen last first. $1 principal int8, $2 time zone text.
-- Rows: id, opened (local, RFC 3339), seen (local, RFC 3339), expires (local, RFC 3339), remembered bool, agent, address
-- OFFSET 0 keeps it a look-up by the person, though its plan was made while the table was empty.
select id, views.local(created_at, $2::text),
       views.local(seen_at, $2::text),
       views.local(expires_at, $2::text), remembered, agent, address
from (select * from views.session k where k.principal = $1::int8 offset 0) s
where id is not null
order by seen_at desc, id
limit 200
