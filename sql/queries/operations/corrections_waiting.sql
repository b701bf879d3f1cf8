-- Grounds of what waits to be charged anew from a month on, the newest last. $1 organization text, $2 the account's number text,
-- $3 its digits without leading zeros text, $4 month date. Rows: why
select c.why
from (select k.id, k.number, count(*) over () as all from facts.account k
      where k.organization = $1::text and k.stripped = $3::text) a
cross join lateral (select k.n, k.why from facts.correction k
                    where k.account = a.id and k.done_in is null and k.from_month = $4::date offset 0) c
where a.number = $2::text or ($2::text ~ '^[0-9]+$' and a.all = 1)
order by c.n
