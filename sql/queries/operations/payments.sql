-- Money that came in, what came last first. $1 organization text, $2 only what is nobody's bool, $3 an account's digits without
-- leading zeros text, $4 came not before timestamptz, $5 limit int8, $6 only this one uuid ($3, $4, $6 null: all)
-- Rows: paid_on, amount, provider, number, typed, account (null: nobody's), month (null: nobody's), received_at, reversed, id,
-- the kind that the payer named and nobody knows (null: none), whether there are charge kinds at all
select p.paid_on, p.amount, p.provider, p.number, p.typed, a.number, p.month, p.received_at, p.reversed_by is not null, p.id,
       case when not exists (select from facts.charge_kind k where k.organization = p.organization and k.code = p.purpose ->> 'kind')
            then p.purpose ->> 'kind' end,
       exists (select from facts.charge_kind k where k.organization = p.organization)
from facts.payment p
left join facts.account a on a.id = p.account
where p.organization = $1::text
  and (not $2::bool or (p.account is null and p.reversed_by is null))
  and ($3::text is null or a.stripped = $3::text
       or coalesce(nullif(ltrim(regexp_replace(p.typed, '[^0-9]', '', 'g'), '0'), ''), '0') = $3::text)
  and ($4::timestamptz is null or p.received_at >= $4::timestamptz)
  and ($6::uuid is null or p.id = $6::uuid)
order by p.received_at desc, p.paid_on desc, p.id desc limit $5::int8
