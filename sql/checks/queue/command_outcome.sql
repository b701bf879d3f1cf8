-- A command is decided once. Looks at the commands of two days. Rows: command, outcomes
select command, array_agg(kind order by at) as outcomes from queue.exception
where kind in ('refused', 'result') and command >= queue.first_id(clock_timestamp() - interval '2 days')
group by command having count(*) > 1
