-- No reading, attempt or month names a meter of another account, or a meter that is not there.
select x.kind, x.id, x.meter, x.account
from (
  select 'reading' as kind, id::text, meter, account from facts.reading
  union all select 'attempt', id::text, meter, account from facts.attempt
  union all select 'month', month::text, meter, account from views.month) x
left join facts.meter m on m.id = x.meter
where m.account is distinct from x.account
union all
select 'meter', m.number, m.id, m.account
from facts.meter m left join facts.account a on a.id = m.account
where a.organization is distinct from m.organization
