-- What a dry run found, in total. $1 job int8. Rows: kind, was, was_code, state, code text, count int8
select kind, was, was_code, state, code, sum(count)::int8 from operations.reprocess_outcome where job = $1::int8
group by kind, was, was_code, state, code order by kind, sum(count) desc, was, was_code, state, code
