-- Whether this session's release, the schema and the server belong together. Rows: same bool (the cursors speak of this
-- server), known int4 (the schema that the session says its release was built for; null: it does not say), newest int4
-- (null: applied by hand), needs int4, why text (of the breaking migration that needs most)
select o.system_identifier = (select system_identifier from pg_control_system()),
       nullif(current_setting('kabinet.schema', true), '')::int4, m.newest, b.needs, coalesce(b.name || ': ' || b.why, '')
from queue.origin o
cross join (select max(number) as newest from kabinet.migration) m
left join (select name, needs, why from kabinet.migration where needs is not null order by needs desc limit 1) b on true
