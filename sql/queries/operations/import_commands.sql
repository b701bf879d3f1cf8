-- The chunks of an import. $1 job int8. Rows: id. Ids carry the appender's clock: ten minutes are left for its error
select c.id from operations.import_job j
join queue.command c on c.id >= queue.first_id(j.at - interval '10 minutes')
  and c.id < queue.first_id(j.at + interval '1 day') and c.kind = 'import.rows' and c.payload->'job' = to_jsonb(j.id)
where j.id = $1::int8 and c.cause is null
