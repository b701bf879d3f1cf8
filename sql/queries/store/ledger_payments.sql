-- Payments by their providers' numbers. $1 organizations, $2 providers, $3 numbers text[]
-- Rows: id, organization, provider, number, account, typed, amount, paid_on, received_at, month, purpose, reversed, holder (the
-- number of the account)
select p.id, p.organization, p.provider, p.number, p.account, p.typed, p.amount, p.paid_on, p.received_at, p.month, p.purpose,
       p.reversed_by is not null, a.number
from unnest($1::text[], $2::text[], $3::text[]) u(organization, provider, number)
cross join lateral (select * from facts.payment k where k.organization = u.organization and k.provider = u.provider
                    and k.number = u.number offset 0) p
left join lateral (select k.number from facts.account k where k.id = p.account offset 0) a on true
