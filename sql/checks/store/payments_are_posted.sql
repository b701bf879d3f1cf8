-- A payment's money stands in the ledger to the kopeck: all of it, or nothing once it was taken back.
select p.id, p.amount, p.reversed_by, coalesce(e.posted, 0) as posted
from facts.payment p
left join lateral (select -sum(k.amount) as posted from facts.entry k where k.account = p.account and k.payment = p.id) e on true
where p.account is not null and coalesce(e.posted, 0) <> case when p.reversed_by is null then p.amount else 0 end
