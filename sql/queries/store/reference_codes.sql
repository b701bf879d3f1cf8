-- What dated rows may name. $1 organization text. Rows: what, code
select distinct 'kind', code from facts.charge_kind where organization = $1::text
union select distinct 'supplier', code from facts.supplier where organization = $1::text
union select distinct 'penalty', code from facts.penalty_rule where organization is null or organization = $1::text
