-- Kinds of commands that wait because no running workers know them. Rows: kind, pools text, lanes, oldest_seconds int8
select u.kind, string_agg(distinct p.name, ', '), count(distinct (u.pool, u.lane)),
       extract(epoch from clock_timestamp() - min(queue.made_at(u.id)))::int8
from queue.unknown u join queue.pool p on p.id = u.pool
group by u.kind order by u.kind
