-- The law's rows, and those that organizations have of their own. $1 organizations text[]
-- Rows: what, code, from, days int4[], numbers int4[], organization
select 'key_rate', '', valid_from, '{}'::int4[], array[points], null::text from facts.key_rate
union all select 'cap', sort, valid_from, '{}', array[coalesce(points, 0)], null from facts.penalty_cap
union all select 'due_day', '', month, '{}', array[day], organization
          from facts.due_day where organization is null or organization = any ($1::text[])
union all select 'rule', code, valid_from, from_days, shares, organization
          from facts.penalty_rule where organization is null or organization = any ($1::text[])
order by 3
