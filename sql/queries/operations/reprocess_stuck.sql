-- A part of a job that will not be decided as things are. $1 job int8. Rows: command uuid, error text; none or one
select c.id, h.error from queue.hold h join queue.command c on c.id = coalesce(h.command, h.head)
where h.state = 'abandoned' and c.kind = 'reprocess.part' and c.payload->'job' = to_jsonb($1::int8)
limit 1
