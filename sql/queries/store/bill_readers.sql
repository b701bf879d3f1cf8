-- Who of accounts whose month was closed has chosen to get its bill by e-mail, and may still look at the account: everybody by
-- the own word. Of a month that was opened again and closed anew only those whose sum is another. $1 accounts int8[],
-- $2 versions int2[], $3 closings int8[], $4 month date. Rows: place int8 (from 1), principal int8, email, language
select u.place, p.id, p.email, p.language
from unnest($1::int8[], $2::int2[], $3::int8[]) with ordinality u(account, version, closing, place)
cross join lateral (select k.principal from access.attachment k where k.account = u.account offset 0) a
cross join lateral (select k.given from identity.consent k
                    where k.account = u.account and k.principal = a.principal and k.purpose = 'email_bill'
                    order by k.n desc limit 1) c
cross join lateral (select k.id, k.email, k.language from access.principal k
                    where c.given and k.id = a.principal and k.email_confirmed_at is not null and k.email is not null offset 0) p
where u.version = 1
   or exists (select from facts.bill k where k.account = u.account and k.month = $4::date and k.version = u.version - 1
              and k.closing <> u.closing)
order by u.place, p.id
