-- What accounts are looked up by is their number's digits without leading zeros.
select organization, number, stripped from facts.account
where stripped <> coalesce(nullif(ltrim(regexp_replace(number, '[^0-9]', '', 'g'), '0'), ''), '0')
