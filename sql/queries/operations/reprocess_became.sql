-- What became of the commands that a job appended. $1 job int8. Rows: kind, state, code text, count int8
select a.kind, coalesce(e.kind, case when h.command is not null then 'failed' else 'done' end), coalesce(e.code, ''), count(*)
from operations.reprocess_job j
join operations.reprocess_row r on r.job = j.id
join queue.command a on a.cause = r.command and a.id >= queue.first_id(j.at - interval '10 minutes')
join queue.command o on o.id = r.command and o.kind = a.kind
left join queue.exception e on e.command = a.id and e.kind in ('refused', 'discarded')
left join (
  select command from queue.hold where command is not null
  union all
  select p.command from queue.hold w join queue.parked p on p.hold = w.id and p.n > w.position) h on h.command = a.id
where j.id = $1::int8
group by 1, 2, 3 order by 1, 4 desc, 2, 3
