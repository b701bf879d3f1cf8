-- What closing a month posted to a part of the accounts is taken back: each entry by one of the same sort with the other sign.
-- Payments stay where they went. $1 organization text, $2 first house, $3 last house text, $4 first id, $5 last id int8,
-- $6 month date, $7 which sorts the close posted text[], $8 before the month's first entry int8
insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount, payment, reverses, reason, consumed, line)
select e.account, last.id + row_number() over (partition by e.account order by e.id), $6::date, e.sort, e.kind, e.penalty,
       e.tranche, e.effective_on, -e.amount, e.payment, e.id, e.reason, e.consumed, e.line
from facts.account a
cross join lateral (select x.upto from facts.bill x where x.account = a.id
                    and x.month = $6::date and x.withdrawn_at is null offset 0) b
cross join lateral (select x.* from facts.entry x where x.account = a.id and x.id > $8::int8 and x.id <= b.upto
                    and x.sort = any ($7::text[]) and x.reverses is null and not exists (
                      select from facts.entry r where r.account = a.id and r.id > $8::int8 and r.id <= b.upto and r.reverses = x.id)
                    offset 0) e
cross join lateral (select max(x.id) as id from facts.entry x where x.account = a.id and x.id between $8::int8 and $8::int8 + 999999) last
where ((a.organization || '/' || coalesce(a.house, '')) collate "C", a.id + 0) >= ($1::text || '/' || $2::text, $4::int8)
  and ((a.organization || '/' || coalesce(a.house, '')) collate "C", a.id + 0) <= ($1::text || '/' || $3::text, $5::int8)
