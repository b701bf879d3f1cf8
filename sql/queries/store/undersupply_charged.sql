-- What was charged of months that days without a service are told of. $1 accounts int8[], $2 months date[], $3 kinds text[],
-- $4 the first entries of the months int8[]. Rows: place int8 (from 1), is the month billed, was the kind charged in it or taken
-- off since, is all of it to be charged anew
select u.place, b.found is not null, e.found is not null, c.found is not null
from unnest($1::int8[], $2::date[], $3::text[], $4::int8[]) with ordinality u(account, month, kind, first, place)
left join lateral (select true as found from facts.bill k
                   where k.account = u.account and k.month = u.month and k.withdrawn_at is null limit 1) b on true
left join lateral (select true as found from facts.entry k
                   where k.account = u.account and k.id >= u.first and k.kind = u.kind and k.consumed = u.month and k.amount <> 0
                     and k.sort in ('charge', 'surcharge', 'recalculation') limit 1) e on true
left join lateral (select true as found from facts.correction k
                   where k.account = u.account and k.done_in is null and k.kind is null and k.from_month <= u.month limit 1) c on true
order by u.place
