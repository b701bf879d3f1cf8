-- «Рассчитано» for a part of the accounts. $1 organization text, $2 part, $3 parts int8, $4 month date, $5 at timestamptz
update facts.reading r set calculated_at = $5::timestamptz
from facts.account a join facts.meter m on m.account = a.id
where a.organization = $1::text and a.id % $3::int8 = $2::int8
  and r.meter = m.id and r.month = $4::date and r.state = 'effective' and r.calculated_at is null
