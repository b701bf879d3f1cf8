-- What a rebuild of the views has before it. $1 organization text (null: all).
-- Rows: organization, accounts int8, first, last int8 (ids of meters in the view; null: it is empty)
select a.organization, count(*), (select min(meter) from views.month), (select max(meter) from views.month)
from facts.account a where $1::text is null or a.organization = $1::text
group by a.organization order by a.organization
