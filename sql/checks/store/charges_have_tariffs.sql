-- No charge without a tariff that was in force in the month of consumption.
select e.account, e.id, e.kind, e.consumed
from facts.entry e
join facts.account a on a.id = e.account
join access.organization o on o.code = a.organization
where e.sort in ('charge', 'surcharge') and e.amount <> 0 and o.profile -> 'charges' ->> 'by' = 'kabinet'
  and not exists (select from facts.tariff t where t.organization = a.organization and t.kind = e.kind
                  and t.valid_from < e.consumed + interval '1 month')
