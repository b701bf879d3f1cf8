-- The account that a typed number means: the exact one, else the only one of its digits where no letters were typed.
-- $1 organization, $2 digits without leading zeros, $3 the number as it was typed text. Rows: number
select a.number
from (select k.number, count(*) over () as all from facts.account k where k.organization = $1::text and k.stripped = $2::text) a
where a.number = $3::text or ($3::text ~ '^[0-9]+$' and a.all = 1)
order by a.number = $3::text desc limit 1
