-- What a dry run found, by account: those with the most commands first. $1 job int8, $2 accounts at most int8 (null: all).
-- Rows: organization, account (null: of none), subject int8, was, was_code, state, code text, count int8
with account as (
  select organization, subject, row_number() over (order by sum(count) desc, organization, subject) as place
  from operations.reprocess_outcome where job = $1::int8 group by organization, subject
)
select o.organization, max(o.account), o.subject, o.was, o.was_code, o.state, o.code, sum(o.count)::int8
from account a join operations.reprocess_outcome o
  on o.job = $1::int8 and o.organization = a.organization and o.subject = a.subject
where $2::int8 is null or a.place <= $2::int8
group by a.place, o.organization, o.subject, o.was, o.was_code, o.state, o.code
order by a.place, o.was, o.was_code, o.state, o.code
