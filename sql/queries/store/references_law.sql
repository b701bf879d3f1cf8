-- The law's rows and an organization's own, which go before them. $1 organization text
-- Rows: what, code, from, days int4[], numbers int4[], is its own
select 'key_rate', '', valid_from, null::int4[], array[points], false from facts.key_rate
union all select 'cap', sort, valid_from, null, array[coalesce(points, 0)], false from facts.penalty_cap
union all select 'due_day', '', month, null, array[day], organization is not null
          from facts.due_day where organization is null or organization = $1::text
union all select 'rule', code, valid_from, from_days, shares, organization is not null
          from facts.penalty_rule where organization is null or organization = $1::text
order by 6, 3
