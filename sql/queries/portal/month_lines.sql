-- What a month charged an account, in the order in which it was posted, without what was taken back again.
-- $1 account, $2 first id, $3 last id int8.
-- Rows: id, sort, kind, tranche date, consumed date, amount int8, line jsonb
select e.id, e.sort, e.kind, e.tranche, e.consumed, e.amount, e.line
from views.entry e
where e.account = $1::int8 and e.id between $2::int8 and $3::int8
  and e.sort in ('charge', 'surcharge', 'recalculation', 'penalty') and e.reverses is null
  and e.id <> all (array(select r.reverses from views.entry r
                         where r.account = $1::int8 and r.id between $2::int8 and $3::int8 and r.reverses is not null))
order by e.id
