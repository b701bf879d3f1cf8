-- Locks a part of an organization's accounts in id order. $1 organization text, $2 part, $3 parts int8
select a.id from facts.account a
where a.organization = $1::text and a.id % $3::int8 = $2::int8
order by a.id for no key update
