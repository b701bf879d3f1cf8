-- Lanes of a job that have not ended. $1 job int8. Rows: lane int2, position int8
select lane, position from operations.reprocess_lane where job = $1::int8 and not ended order by lane
