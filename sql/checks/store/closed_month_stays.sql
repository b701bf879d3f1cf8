-- Nothing is posted to an account's month behind its bill.
select e.account, e.id, e.month
from facts.bill b
join facts.entry e on e.account = b.account and e.month = b.month and e.id > b.upto
where b.withdrawn_at is null
