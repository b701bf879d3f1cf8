-- What was posted to accounts up to an entry, by kind and debt; what came before a first one together.
-- $1 accounts, $2 first ids, $3 last ids int8[]. Rows: place int8 (from 1), kind (null: money that is of none yet), penalty bool,
-- tranche date (null: an advance), opening, charged, recalculated, penalties, paid int8, paid_on (of the last payment since the
-- first that was not taken back)
select u.place, e.kind, e.penalty, e.tranche,
       coalesce(sum(e.amount) filter (where e.id < u.first or e.sort = 'opening'), 0)::int8,
       coalesce(sum(e.amount) filter (where e.id >= u.first and e.sort in ('charge', 'surcharge')), 0)::int8,
       coalesce(sum(e.amount) filter (where e.id >= u.first and e.sort = 'recalculation'), 0)::int8,
       coalesce(sum(e.amount) filter (where e.id >= u.first and e.sort = 'penalty'), 0)::int8,
       coalesce(-sum(e.amount) filter (where e.id >= u.first
                                       and e.sort in ('payment', 'advance', 'offset', 'reversal')), 0)::int8,
       max(e.effective_on) filter (where e.id >= u.first and e.sort in ('payment', 'advance') and not e.taken_back)
from unnest($1::int8[], $2::int8[], $3::int8[]) with ordinality u(account, first, last, place)
cross join lateral (select *, bool_or(k.sort = 'reversal') over (partition by k.payment) as taken_back
                    from views.entry k where k.account = u.account and k.id <= u.last offset 0) e
group by 1, 2, 3, 4
order by 1, 2, 4, 3
