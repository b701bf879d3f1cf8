-- What could not be charged in a closed month, by accounts, a page of them. $1 organization text, $2 month date,
-- $3 behind this account int8, $4 accounts at most int8. Rows: account's id, its number, kind, month, what,
-- of (each as it was told)
select b.account, a.number, e.one ->> 'kind', e.one ->> 'month', e.one ->> 'what', e.one ->> 'of'
from (select k.account, k.problems from facts.bill k
      where k.organization = $1::text and k.month = $2::date and k.withdrawn_at is null and k.problems is not null
        and k.account > $3::int8
      order by k.account limit $4::int8) b
join facts.account a on a.id = b.account
cross join lateral jsonb_array_elements(b.problems) with ordinality e(one, n)
order by b.account, e.n
