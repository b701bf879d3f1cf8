-- Months as they were closed. $1 accounts int8[], $2 month date, $3 versions int2[], $4 organization text, $5 at timestamptz,
-- $6 upto int8[], $7 due_on, $8 paid_until date, $9 opening, $10 charged, $11 recalculated, $12 penalty, $13 paid,
-- $14 closing int8[], $15 open_from date[], $16 cards, $17 problems jsonb[]
insert into facts.bill (account, month, version, organization, closed_at, upto, due_on, paid_until, opening, charged,
                        recalculated, penalty, paid, closing, open_from, card, problems)
select account, $2::date, version, $4::text, $5::timestamptz, upto, $7::date, $8::date, opening, charged, recalculated,
       penalty, paid, closing, open_from, card, problems
from unnest($1::int8[], $3::int2[], $6::int8[], $9::int8[], $10::int8[], $11::int8[], $12::int8[], $13::int8[],
            $14::int8[], $15::date[], $16::jsonb[], $17::jsonb[])
  u(account, version, upto, opening, charged, recalculated, penalty, paid, closing, open_from, card, problems)
