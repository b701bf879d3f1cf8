-- Of a debt no more is paid than it is, unless it was taken down afterwards.
select e.account, e.kind, e.tranche, e.penalty, sum(e.amount) as over
from facts.entry e
where e.tranche is not null
group by e.account, e.kind, e.tranche, e.penalty
having sum(e.amount) < 0 and sum(e.amount) filter (where e.sort in ('payment', 'offset', 'reversal')) < 0
   and not bool_or(e.sort in ('recalculation', 'opening', 'penalty') and e.amount < 0 or e.reverses is not null)
