-- What is known of accounts for proving that they are somebody's own. $1 organizations, $2 stripped numbers text[],
-- $3 ids int8[]
-- Rows: organization, stripped, id, number, surname, name, apartment, company, house, closed bool, last_payment_on,
-- last_payment, bill_month, bill_total, code_hash
select a.organization, a.stripped, a.id, a.number, a.surname, nullif(concat_ws(' ', a.name, a.patronymic), ''),
       a.apartment, a.company, a.house, a.closed_on is not null, p.last_payment_on, p.last_payment, p.bill_month,
       p.bill_total, p.code_hash
from (select k.* from unnest($1::text[], $2::text[]) u(organization, stripped)
      cross join lateral (select * from facts.account k
                          where k.organization = u.organization and k.stripped = u.stripped offset 0) k
      union
      select k.* from unnest($3::int8[]) u(id)
      cross join lateral (select * from facts.account k where k.id = u.id offset 0) k) a
left join lateral (select * from identity.proof k where k.account = a.id offset 0) p on true
order by a.id
